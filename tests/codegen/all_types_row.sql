-- A literal for each column of the table `t` of corpus/all_types.sql that a server can always read.
INSERT INTO t (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, z, aa, ab, ac, ad, ak, al, am, an,
  ao, ar, at, au, av, aw, ax, ay, az, ba, bb, bc, bd, be, bf, bi, bl, ca, cb, cc, ce, cf, cg, da, db, dc, dd, de, df, dg, dh, di, dj)
VALUES (true, -1, 2, 9007199254740993, 1.5, 0.1, 12.30, '1.50', 'é%s', 'v', 'c', 'x', 'name', '\x00ff', gen_random_uuid(),
  '2026-02-28', '23:59:59.999999', '12:00+02', '2026-01-01 00:00:00.000001', '2026-01-01 00:00:00.123+00', '1 day 02:03:04',
  '{"a": [1, null]}', '"text"', '$.a[*]', '10.0.0.1/24', '10.0.0.0/24', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05',
  '(1,2)', '101', '11', 'a:1 b:2', 'a & b', '16/B374D848', '[1,5)', '[1,)', '(1.5,2.5]', '[2026-01-01,2026-02-01)',
  '[2026-01-01 00:00+00,)', 'empty', '{[1,2),[5,6)}', '{}', '{[1.5,2]}', '{}', '{}', '{[2026-01-01,2026-01-02)}', 7, 'pg_class', '3', '(0,1)',
  'CI', 'a=>1, b=>NULL', 'a.b', '(1),(2)', '978-0-393-04002-9', '1..2', '{1,2}', '{{a,b},{c,d}}',
  ARRAY['{"x": 1}', 'null']::jsonb[], '{10.0.0.1}', ARRAY['[2026-01-01 00:00+00,)']::tstzrange[], ARRAY['k=>v']::hstore[], '{CI}', '{1.10}', '{abc}', '{1 day}')
