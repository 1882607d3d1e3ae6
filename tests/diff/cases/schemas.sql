-- case: a schema with a table comes
-- new
CREATE SCHEMA shop;
COMMENT ON SCHEMA shop IS 'What is sold';
CREATE TABLE shop.items (id integer PRIMARY KEY);

-- case: names that must be quoted
-- new
CREATE SCHEMA "Odd ""one""";
CREATE TABLE "Odd ""one"""."select" ("from" integer PRIMARY KEY, "Ünï cödé" text DEFAULT 'it''s', "a%b" text);
COMMENT ON COLUMN "Odd ""one"""."select"."from" IS E'back\\slash and ''quote''\nand line';
CREATE INDEX "in dex" ON "Odd ""one"""."select" ("Ünï cödé" DESC);

-- case: an object moves to another schema
-- both
CREATE SCHEMA a;
CREATE SCHEMA b;
-- old
CREATE TABLE a.t (id integer PRIMARY KEY);
CREATE TYPE a.mood AS ENUM ('x');
-- new
CREATE TABLE b.t (id integer PRIMARY KEY);
CREATE TYPE b.mood AS ENUM ('x');

-- case: foreign keys and views across schemas
-- both
CREATE SCHEMA a;
CREATE SCHEMA b;
-- new
CREATE TABLE a.parents (id integer PRIMARY KEY);
CREATE TABLE b.children (id integer PRIMARY KEY, parent_id integer REFERENCES a.parents);
CREATE VIEW a.both_of_them AS SELECT p.id, c.id AS child FROM a.parents p JOIN b.children c ON c.parent_id = p.id;
