-- Text search: parsers, templates, dictionaries and configurations.
SELECT 'pg_ts_parser'::regclass::oid AS class, p.oid, 0 AS sub, 'text search parser' AS kind,
       format('%I.%I', n.nspname, p.prsname) AS name, NULL::text AS parent_kind, NULL::text AS parent,
       format('TEXT SEARCH PARSER %I.%I', n.nspname, p.prsname) AS target,
       jsonb_build_object('create', jsonb_build_array(
           format('CREATE TEXT SEARCH PARSER %I.%I (%s)', n.nspname, p.prsname, concat_ws(', ',
                  'START = ' || p.prsstart, 'GETTOKEN = ' || p.prstoken, 'END = ' || p.prsend,
                  'LEXTYPES = ' || p.prslextype, 'HEADLINE = ' || nullif(p.prsheadline, 0)::regproc)))) AS facts
  FROM pg_ts_parser p JOIN pg_namespace n ON n.oid = p.prsnamespace WHERE p.oid >= 16384
UNION ALL
SELECT 'pg_ts_template'::regclass, t.oid, 0, 'text search template', format('%I.%I', n.nspname, t.tmplname), NULL, NULL,
       format('TEXT SEARCH TEMPLATE %I.%I', n.nspname, t.tmplname),
       jsonb_build_object('create', jsonb_build_array(
           format('CREATE TEXT SEARCH TEMPLATE %I.%I (%s)', n.nspname, t.tmplname, concat_ws(', ',
                  'INIT = ' || nullif(t.tmplinit, 0)::regproc, 'LEXIZE = ' || t.tmpllexize))))
  FROM pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace WHERE t.oid >= 16384
UNION ALL
SELECT 'pg_ts_dict'::regclass, d.oid, 0, 'text search dictionary', format('%I.%I', n.nspname, d.dictname), NULL, NULL,
       format('TEXT SEARCH DICTIONARY %I.%I', n.nspname, d.dictname),
       jsonb_build_object('create', jsonb_build_array(
           format('CREATE TEXT SEARCH DICTIONARY %I.%I (%s)', n.nspname, d.dictname,
                  concat_ws(', ', format('TEMPLATE = %I.%I', tn.nspname, t.tmplname), d.dictinitoption))))
  FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace
  JOIN pg_ts_template t ON t.oid = d.dicttemplate JOIN pg_namespace tn ON tn.oid = t.tmplnamespace
 WHERE d.oid >= 16384
UNION ALL
SELECT 'pg_ts_config'::regclass, c.oid, 0, 'text search configuration', format('%I.%I', n.nspname, c.cfgname), NULL, NULL,
       format('TEXT SEARCH CONFIGURATION %I.%I', n.nspname, c.cfgname),
       jsonb_build_object('create', jsonb_build_array(
           format('CREATE TEXT SEARCH CONFIGURATION %I.%I (PARSER = %I.%I)', n.nspname, c.cfgname, pn.nspname, p.prsname))
           || coalesce((
               SELECT jsonb_agg(format('ALTER TEXT SEARCH CONFIGURATION %I.%I ADD MAPPING FOR %I WITH %s',
                                       n.nspname, c.cfgname, m.alias, m.dictionaries) ORDER BY m.alias)
                 FROM (SELECT k.alias, string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno)
                         FROM pg_ts_config_map m
                         JOIN ts_token_type(c.cfgparser) k ON k.tokid = m.maptokentype
                        WHERE m.mapcfg = c.oid GROUP BY k.alias) AS m (alias, dictionaries)), '[]'))
  FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace
  JOIN pg_ts_parser p ON p.oid = c.cfgparser JOIN pg_namespace pn ON pn.oid = p.prsnamespace
 WHERE c.oid >= 16384
