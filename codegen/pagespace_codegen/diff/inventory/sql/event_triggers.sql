-- Event triggers.
SELECT 'pg_event_trigger'::regclass::oid AS class, e.oid, 0 AS sub, 'event trigger' AS kind, quote_ident(e.evtname) AS name,
       NULL::text AS parent_kind, NULL::text AS parent, 'EVENT TRIGGER ' || quote_ident(e.evtname) AS target,
       jsonb_build_object(
           'definition', concat_ws(' ', 'ON', e.evtevent,
               (SELECT 'WHEN TAG IN (' || string_agg(quote_literal(tag), ', ' ORDER BY place) || ')'
                  FROM unnest(e.evttags) WITH ORDINALITY AS t (tag, place)),
               'EXECUTE FUNCTION ' || e.evtfoid::regproc || '()'),
           'enabled', e.evtenabled) AS facts
  FROM pg_event_trigger e
