-- case: row security comes
-- old
CREATE TABLE t (a integer, owner text);
-- new
CREATE TABLE t (a integer, owner text);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
ALTER TABLE t FORCE ROW LEVEL SECURITY;
CREATE POLICY p1 ON t USING (owner = current_user) WITH CHECK (a > 0);
CREATE POLICY p2 ON t AS RESTRICTIVE FOR UPDATE TO reader, writer USING (a > 1);
CREATE POLICY p3 ON t FOR INSERT WITH CHECK (true);
COMMENT ON POLICY p1 ON t IS 'One';

-- case: policies change
-- both
CREATE TABLE t (a integer, owner text);
-- old
CREATE POLICY p1 ON t USING (a > 1);
CREATE POLICY p2 ON t FOR SELECT USING (a > 1);
CREATE POLICY p3 ON t USING (a > 1) WITH CHECK (a > 2);
CREATE POLICY p4 ON t TO reader USING (a > 1);
-- new
CREATE POLICY p1 ON t USING (a > 2) WITH CHECK (a > 3);
CREATE POLICY p2 ON t FOR DELETE USING (a > 1);
CREATE POLICY p3 ON t USING (a > 1);
CREATE POLICY p4 ON t TO writer USING (a > 1);

-- case: a policy that reads another table through a function
-- new
CREATE TABLE members (who text, team integer);
CREATE FUNCTION my_teams() RETURNS SETOF integer LANGUAGE sql STABLE AS 'SELECT team FROM members WHERE who = current_user';
CREATE TABLE docs (id integer, team integer);
ALTER TABLE docs ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON docs USING (team IN (SELECT my_teams()) OR EXISTS (SELECT FROM members m WHERE m.team = docs.team));

-- case: one expression of a policy changes, and the other one reads differently every time
-- old
CREATE TABLE notes (a integer, b integer);
CREATE POLICY notes_change ON notes FOR UPDATE USING (b BETWEEN 0 AND 10 AND a >= 0) WITH CHECK (a > 0);
-- new
CREATE TABLE notes (a integer, b integer);
CREATE POLICY notes_change ON notes FOR UPDATE USING (b BETWEEN 0 AND 10 AND a >= 0) WITH CHECK (a > 1);

-- case: a column goes that a policy needed, along with row security being forced
-- old
CREATE TABLE notes (owner integer, team integer);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY notes_add ON notes FOR INSERT WITH CHECK (owner > 0 AND team > 0);
-- new
CREATE TABLE notes (owner integer);
ALTER TABLE notes FORCE ROW LEVEL SECURITY;
CREATE POLICY notes_add ON notes FOR INSERT WITH CHECK (owner > 0);
