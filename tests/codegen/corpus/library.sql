-- Many to many with payload and roles; two junctions between the same tables; keys that are declared twice.
CREATE TYPE role AS ENUM ('author', 'editor', 'illustrator');
CREATE TABLE authors (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
CREATE TABLE books (isbn text PRIMARY KEY, title text NOT NULL, published int);
CREATE TABLE book_authors (isbn text REFERENCES books, author_id int REFERENCES authors, role role NOT NULL DEFAULT 'author', position smallint, PRIMARY KEY (isbn, author_id));
CREATE TABLE book_reviewers (isbn text REFERENCES books, author_id int REFERENCES authors, stars int, PRIMARY KEY (author_id, isbn));
CREATE TABLE copies (isbn text REFERENCES books (isbn), number int, PRIMARY KEY (isbn, number));
ALTER TABLE copies ADD CONSTRAINT fk_copies_isbn FOREIGN KEY (isbn) REFERENCES books (isbn) ON DELETE CASCADE;
CREATE TABLE members (card uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, book_authors text[], books text);
CREATE TABLE loans (isbn text, number int, card uuid NOT NULL REFERENCES members, lent_at timestamptz NOT NULL DEFAULT now(), returned_at timestamptz, PRIMARY KEY (isbn, number, lent_at), FOREIGN KEY (isbn, number) REFERENCES copies);
CREATE UNIQUE INDEX one_open_loan ON loans (isbn, number) WHERE returned_at IS NULL;
CREATE TABLE wishes (card uuid, isbn text, CONSTRAINT wish PRIMARY KEY (card, isbn));
ALTER TABLE wishes ADD CONSTRAINT a FOREIGN KEY (card) REFERENCES members, ADD CONSTRAINT b FOREIGN KEY (card) REFERENCES members, ADD CONSTRAINT c FOREIGN KEY (isbn) REFERENCES books, ADD CONSTRAINT d FOREIGN KEY (isbn) REFERENCES books;
