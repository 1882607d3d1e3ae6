-- Views on views, recursion, set operations, aggregates; whole rows.
CREATE TABLE nodes (id int PRIMARY KEY, parent_id int REFERENCES nodes, name text NOT NULL, weight numeric);
CREATE VIEW leaves AS SELECT n.* FROM nodes n WHERE NOT EXISTS (SELECT FROM nodes c WHERE c.parent_id = n.id);
CREATE RECURSIVE VIEW paths (id, depth, path) AS SELECT id, 0, ARRAY[name] FROM nodes WHERE parent_id IS NULL UNION ALL SELECT n.id, p.depth + 1, p.path || n.name FROM nodes n JOIN paths p ON p.id = n.parent_id;
CREATE VIEW weights AS SELECT l.id, l.name, p.depth, coalesce(l.weight, 0) AS weight FROM leaves l JOIN paths p USING (id);
CREATE VIEW statistics AS SELECT count(*) AS n, sum(weight) AS total, max(name) AS last, array_agg(id) AS ids, bool_or(weight > 1) AS heavy FROM nodes;
CREATE VIEW both_ways AS SELECT id, name FROM leaves UNION SELECT id, NULL FROM nodes;
CREATE VIEW pairs AS SELECT a AS left_node, b AS right_node FROM nodes a LEFT JOIN nodes b ON b.parent_id = a.id;
CREATE MATERIALIZED VIEW frozen_statistics AS SELECT * FROM statistics;
