-- case: a domain comes with everything
-- new
CREATE DOMAIN code AS varchar(10) COLLATE "C" DEFAULT 'x' NOT NULL
  CONSTRAINT code_short CHECK (length(VALUE) < 5) CONSTRAINT code_low CHECK (VALUE = lower(VALUE));
COMMENT ON DOMAIN code IS 'A code';
COMMENT ON CONSTRAINT code_short ON DOMAIN code IS 'Short';
CREATE TABLE t (c code, d code[]);

-- case: default, not null and checks of a domain
-- both
-- old
CREATE DOMAIN code AS text DEFAULT 'a' CONSTRAINT one CHECK (VALUE <> '') CONSTRAINT two CHECK (VALUE <> 'b');
CREATE TABLE t (c code);
-- new
CREATE DOMAIN code AS text DEFAULT 'b' NOT NULL CONSTRAINT one CHECK (VALUE <> 'x');
CREATE TABLE t (c code);

-- case: a check of a domain that is not validated
-- old
CREATE DOMAIN code AS text;
-- new
CREATE DOMAIN code AS text;
ALTER DOMAIN code ADD CONSTRAINT one CHECK (VALUE <> '') NOT VALID;

-- case: a domain over another type
-- old
CREATE DOMAIN amount AS integer CHECK (VALUE > 0);
CREATE TABLE t (id integer PRIMARY KEY, a amount DEFAULT 1, b amount[]);
CREATE VIEW v AS SELECT a FROM t;
-- new
CREATE DOMAIN amount AS bigint CHECK (VALUE > 0);
CREATE TABLE t (id integer PRIMARY KEY, a amount DEFAULT 1, b amount[]);
CREATE VIEW v AS SELECT a FROM t;

-- case: a domain of a domain, with a function in its check
-- new
CREATE FUNCTION is_fine(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 <> '' $$;
CREATE DOMAIN one AS text CHECK (is_fine(VALUE));
CREATE DOMAIN two AS one DEFAULT 'x';
CREATE TABLE t (a two);

-- case: the function in the check of a domain takes other types
-- old
CREATE FUNCTION is_fine(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 <> '' $$;
CREATE DOMAIN one AS text CHECK (is_fine(VALUE));
CREATE TABLE t (a one);
-- new
CREATE FUNCTION is_fine(text, integer DEFAULT 1) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 <> '' $$;
CREATE DOMAIN one AS text CHECK (is_fine(VALUE));
CREATE TABLE t (a one);

-- case: NOT NULL of a domain has a name and a comment
-- old
CREATE DOMAIN one AS integer CONSTRAINT given NOT NULL;
CREATE DOMAIN two AS integer;
CREATE DOMAIN three AS integer NOT NULL;
-- new
CREATE DOMAIN one AS integer NOT NULL;
CREATE DOMAIN two AS integer CONSTRAINT given NOT NULL;
COMMENT ON CONSTRAINT given ON DOMAIN two IS 'never empty';
CREATE DOMAIN three AS integer CONSTRAINT other NOT NULL;

-- case: checks and not null of domains whose values are inside of others
-- old
CREATE DOMAIN code AS text;
CREATE DOMAIN amount AS integer;
CREATE DOMAIN state AS text;
ALTER DOMAIN state ADD CONSTRAINT known CHECK (VALUE <> '') NOT VALID;
CREATE TYPE price AS (amount amount, note text);
CREATE TABLE t (codes code[], price price, states state[]);
-- new
CREATE DOMAIN code AS text CHECK (VALUE <> '');
CREATE DOMAIN amount AS integer NOT NULL;
CREATE DOMAIN state AS text CONSTRAINT known CHECK (VALUE <> '');
CREATE TYPE price AS (amount amount, note text);
CREATE TABLE t (codes code[], price price, states state[]);

-- case: a function that a domain's default and check call returns another type
-- old
CREATE FUNCTION portion() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 5';
CREATE SEQUENCE tickets;
CREATE DOMAIN amount AS integer DEFAULT portion() CONSTRAINT amount_limit CHECK (VALUE <= portion() * 20);
CREATE DOMAIN ticket AS integer DEFAULT nextval('tickets');
CREATE TABLE orders (n amount, t ticket);
-- new
CREATE FUNCTION portion() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 5';
CREATE DOMAIN amount AS integer DEFAULT portion() CONSTRAINT amount_limit CHECK (VALUE <= portion() * 20);
CREATE DOMAIN ticket AS integer;
CREATE TABLE orders (n amount, t ticket);
