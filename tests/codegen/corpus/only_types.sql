-- Types without tables.
CREATE TYPE a AS ENUM ('x'); CREATE DOMAIN b AS a; CREATE TYPE c AS (b b); CREATE DOMAIN d AS c[];
