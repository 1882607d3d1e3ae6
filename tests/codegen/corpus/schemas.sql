-- Several schemas, one of them called like a module, and keys in circles between them.
CREATE SCHEMA types; CREATE SCHEMA "Sales Data"; CREATE SCHEMA auth; CREATE SCHEMA tables;
CREATE TABLE auth.users (id int PRIMARY KEY, default_order int);
CREATE TABLE types.users (id int PRIMARY KEY REFERENCES auth.users);
CREATE TABLE "Sales Data".orders (id int PRIMARY KEY, user_id int NOT NULL REFERENCES auth.users, "users" int);
ALTER TABLE auth.users ADD FOREIGN KEY (default_order) REFERENCES "Sales Data".orders;
CREATE TABLE tables.orders (id int PRIMARY KEY, sales_order_id int REFERENCES "Sales Data".orders);
CREATE TYPE auth.state AS ENUM ('on', 'off'); CREATE TYPE types.state AS ENUM ('open');
CREATE TABLE auth.sessions (id int PRIMARY KEY, s auth.state NOT NULL, t types.state);
