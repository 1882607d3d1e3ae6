-- One table.
CREATE TABLE users (id int);
