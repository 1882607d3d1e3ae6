-- Names that want to be code.
CREATE TABLE "int" (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "int" int, "str" text NOT NULL, "list" text[], "dict" jsonb NOT NULL DEFAULT '{}', "type" text,
  "None" bool, "class" text NOT NULL, "self" text, "cls" text, "__init__" text, "__slots__" text, "_id" int, "1st" int, "a b" text, "a-b" text, "a_b" text,
  "Name" text, "name" text, "NAME" text, "ﬁle" text, "file" text, "with""quote" text, "back\slash" text, "percent%s" text, "brace{x}" text, "new
line" text, "tab	tab" text, "keys" text, "items" text, "values" text, "get" text, "update" text, "copy" text, "pop" text, "clear" text, "match" text, "case" text,
  "Column" text, "NullColumn" text, "datetime" timestamptz NOT NULL DEFAULT now(), "date" date, "dataclass" text, "TypedDict" text, "NotRequired" text, "create_id" text,
  "mro" text, "field" int, "fields" int, "é" text, "ñandú" text, "数" int, """" text, "'''" text, "#" text, "$1" text, ";" text, "\" text, "import os" text,
  abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk text
);
COMMENT ON TABLE "int" IS E'A """ docstring \\" with ''quotes'' and \\n backslash \\\nsecond line   \n   third "';
COMMENT ON COLUMN "int".id IS '"""; import os; os.system("x") #';
COMMENT ON COLUMN "int"."str" IS E'ends with a backslash \\';
CREATE TYPE "weird labels" AS ENUM ('', 'a b', 'it''s', '"quoted"', E'new\nline', 'back\slash', '%s', '{x}', 'None', 'ünï', '🎉', 'true', '"""');
CREATE TYPE "empty enum" AS ENUM ();
CREATE TABLE "用户" ("用户" text, "名" text PRIMARY KEY, "labels" "weird labels" NOT NULL DEFAULT '', "none" "empty enum");
CREATE TABLE "columns" (id text PRIMARY KEY, "int" bigint REFERENCES "int", parent_id text REFERENCES "columns");
CREATE TABLE "rows" (id text PRIMARY KEY, column_id text REFERENCES "columns", "column" text REFERENCES "columns");
CREATE TABLE "tables" (id text PRIMARY KEY); CREATE TABLE "types" (id text PRIMARY KEY); CREATE TABLE "registry" (id text PRIMARY KEY);
CREATE TABLE "datetime" (id text PRIMARY KEY, d date, t time, ts timestamp); CREATE TABLE none (x int); CREATE TABLE nothing ();
CREATE TABLE "any" (id text); CREATE TABLE "Users" (id text PRIMARY KEY); CREATE TABLE "USERS" (id text PRIMARY KEY);
CREATE TABLE "people's ""things""" ("my id" text PRIMARY KEY, "other's id" text REFERENCES "Users");
CREATE TABLE exceptions (id int PRIMARY KEY, warning text); CREATE TABLE manies (one text, many text, opt text, row text, "table" text);
CREATE VIEW "def" AS SELECT u AS whole, count(*) AS n FROM "Users" u GROUP BY u;
