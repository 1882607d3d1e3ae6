-- Pairs of types that have a cast, and whether it is applied when a value is assigned.
SELECT format_type(c.castsource, NULL), format_type(c.casttarget, NULL), c.castcontext IN ('a', 'i')
  FROM pg_cast c
