-- Names, labels and comments that look like code of SQL, Python, psycopg and templates, in many scripts.
CREATE TABLE "weird ""key"" table" ("pri mary" int, "sec%ond" text, "drei\vier" uuid, CONSTRAINT "pk; drop" PRIMARY KEY ("pri mary", "sec%ond", "drei\vier"));
CREATE TABLE child ("p%s" int, "{s}" text, "u:x" uuid, "self:ref" int, CONSTRAINT "fk %s {} ""x""" FOREIGN KEY ("p%s", "{s}", "u:x") REFERENCES "weird ""key"" table", CONSTRAINT "uq '%'" UNIQUE ("self:ref"), CONSTRAINT "self
line" FOREIGN KEY ("self:ref") REFERENCES child ("self:ref"));
CREATE UNIQUE INDEX "idx %(x)s" ON child (lower("{s}")) WHERE "p%s" > 0;
CREATE TABLE "%s" ("%s" text DEFAULT '%s' PRIMARY KEY, "%%" text, "%(a)s" text, ":a" text, "$1" text, "?" text, "`" text, "@x" text);
CREATE VIEW "view %s" AS SELECT *, "%s" || '%' AS "pct%" FROM "%s";
COMMENT ON TABLE "%s" IS 'x """ ''''''  \ %s {0} \N{DASH} \x41'; COMMENT ON COLUMN "%s"."%s" IS E'ends with \\';
COMMENT ON COLUMN "%s"."%%" IS E'\t tab \f feed \x0b \u2028 sep \u202e rtl \u0085 nel \u00a0 nbsp'; COMMENT ON CONSTRAINT "uq '%'" ON child IS '"""';
CREATE DOMAIN "dom %s" AS text CHECK (VALUE <> '"""'); COMMENT ON DOMAIN "dom %s" IS '"""'; CREATE TYPE "c %s" AS ("f %s" int, "g""" text); COMMENT ON TYPE "c %s" IS E'\\'; COMMENT ON COLUMN "c %s"."f %s" IS '"""';
CREATE TABLE uses ("d %s" "dom %s", "c %s" "c %s" NOT NULL, "e" "c %s"[]);
CREATE TABLE "𝐱" ("𝐲" int, "ｆｕｌｌ" int, "Ⅷ" int, "x²" int, "ª" int, "İ" int, "ı" int, "ß" int, "ẞ" int, "ŉ" int, "͡a" int, "·a" int, "a·" int, "℘" int, "℮" int, "😀" int, "ㅤ" int, "​" int, "ﷺ" int, "ƛ" text, "אב" text, "ا" text, "ไทย" text, "नमस्ते" text);
CREATE TABLE "a23456789012345678901234567890123456789012345678901234567890123" ("a23456789012345678901234567890123456789012345678901234567890123" int primary key, "a23456789012345678901234567890123456789012345678901234567890124" int references "a23456789012345678901234567890123456789012345678901234567890123");
CREATE TABLE prices ("Amount) net" numeric NOT NULL, "Rate (%)" real, "{Key}" int PRIMARY KEY, "a<b" text, "\ /" text);
CREATE VIEW priced AS SELECT p.*, p."Rate (%)" * 2 AS "Double (%)" FROM prices p JOIN prices q ON q."{Key}" = p."{Key}";
