-- case: a range comes
-- new
CREATE TYPE float_range AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TYPE text_range AS RANGE (subtype = text, collation = "C", multirange_type_name = many_texts);
CREATE TABLE t (r float_range, m many_texts, EXCLUDE USING gist (r WITH &&));

-- case: the options of a range
-- old
CREATE TYPE float_range AS RANGE (subtype = float8);
CREATE FUNCTION f(float_range) RETURNS float8 LANGUAGE sql AS 'SELECT lower($1)';
-- new
CREATE TYPE float_range AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE FUNCTION f(float_range) RETURNS float8 LANGUAGE sql AS 'SELECT lower($1)';
