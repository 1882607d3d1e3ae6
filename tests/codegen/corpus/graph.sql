-- Many to many of a table with itself, with payload, twice, and through composite keys.
CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL, mother_id int REFERENCES people, father_id int REFERENCES people, spouse_id int UNIQUE REFERENCES people);
CREATE TABLE friendships (user_a int REFERENCES people, user_b int REFERENCES people, since date NOT NULL DEFAULT current_date, strength real, PRIMARY KEY (user_a, user_b), CHECK (user_a < user_b));
CREATE TABLE follows (follower_id int NOT NULL REFERENCES people, followed_id int NOT NULL REFERENCES people, id bigserial PRIMARY KEY, UNIQUE (follower_id, followed_id));
CREATE TABLE nodes (graph int, id int, label text, PRIMARY KEY (graph, id));
CREATE TABLE edges (graph int, source int, target int, weight double precision NOT NULL DEFAULT 1, PRIMARY KEY (graph, source, target),
  FOREIGN KEY (graph, source) REFERENCES nodes, FOREIGN KEY (graph, target) REFERENCES nodes);
CREATE TABLE edge_tags (graph int, source int, target int, tag text, PRIMARY KEY (graph, source, target, tag), FOREIGN KEY (graph, source, target) REFERENCES edges);
CREATE TABLE chain (id int PRIMARY KEY, chain int REFERENCES chain, next int UNIQUE REFERENCES chain, previous int UNIQUE REFERENCES chain);
