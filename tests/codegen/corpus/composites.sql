-- Types in types: composites in composites, in arrays, in domains; domains over domains; ranges of own types.
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE DOMAIN work_email AS email NOT NULL;
CREATE DOMAIN tags AS text[];
CREATE TYPE currency AS ENUM ('EUR', 'USD');
CREATE TYPE money_amount AS (amount numeric, currency currency);
CREATE TYPE interval_of_money AS (low money_amount, high money_amount, notes tags);
CREATE DOMAIN positive_amount AS money_amount CHECK ((VALUE).amount > 0);
CREATE TYPE float_span AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TYPE version AS RANGE (subtype = text);
CREATE TABLE quotes (
  id int PRIMARY KEY, contact work_email, cc email[] NOT NULL DEFAULT '{}', price positive_amount, history money_amount[] NOT NULL,
  band interval_of_money, bands interval_of_money[], span float_span, versions version[], labels tags, matrix int[][], cube int[][][]
);
