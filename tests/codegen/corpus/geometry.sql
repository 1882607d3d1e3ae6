-- Geometry without GIS, networks, bits and other rare types.
CREATE TABLE shapes (id int PRIMARY KEY, p point NOT NULL, l line, s lseg, b box, pa path, po polygon, c circle, all_points point[]);
CREATE TABLE hosts (address inet PRIMARY KEY, network cidr NOT NULL, mac macaddr, mac8 macaddr8, flags bit(8) NOT NULL DEFAULT B'0', mask bit varying, history inet[]);
CREATE TABLE documents (id int PRIMARY KEY, body xml, path jsonpath, vector tsvector, query tsquery, position pg_lsn, snapshot pg_snapshot, kind regclass, raw bytea, t time, tz timetz, i interval, moneys money[]);
