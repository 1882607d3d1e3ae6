-- Keys of every kind: composite, within a table, through a junction, over views, of citext, in two schemas.
CREATE EXTENSION citext;
CREATE SCHEMA auth;
CREATE TABLE auth.people (id citext PRIMARY KEY, boss_id citext REFERENCES auth.people);
CREATE TABLE people (id int PRIMARY KEY, login citext NOT NULL REFERENCES auth.people, nick text NOT NULL);
CREATE TABLE projects (tenant int, code text, title text NOT NULL, PRIMARY KEY (tenant, code));
CREATE TABLE tasks (
  id int PRIMARY KEY, tenant int NOT NULL, code text, priority int NOT NULL,
  FOREIGN KEY (tenant, code) REFERENCES projects
);
CREATE TABLE tags (id int PRIMARY KEY, word text NOT NULL);
CREATE TABLE task_tags (
  task_id int REFERENCES tasks, tag_id int REFERENCES tags, place int NOT NULL DEFAULT 0, PRIMARY KEY (task_id, tag_id)
);
CREATE TABLE follows (
  follower_id int REFERENCES people, followee_id int REFERENCES people, PRIMARY KEY (follower_id, followee_id)
);
CREATE TABLE a_table_whose_name_is_as_long_as_an_identifier_can_be_in_postgr (id int PRIMARY KEY, parent_id int REFERENCES a_table_whose_name_is_as_long_as_an_identifier_can_be_in_postgr);
CREATE VIEW task_counts AS SELECT tenant, code, count(*) AS n FROM tasks GROUP BY tenant, code;
