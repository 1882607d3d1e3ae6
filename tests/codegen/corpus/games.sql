-- Games: wide tables, arrays of enums, boards as arrays of two dimensions.
CREATE TYPE piece AS ENUM ('K', 'Q', 'R', 'B', 'N', 'P'); CREATE TYPE colour AS ENUM ('white', 'black');
CREATE TABLE players (id int PRIMARY KEY, nick text NOT NULL UNIQUE, elo int[] NOT NULL DEFAULT '{}');
CREATE TABLE games (id int PRIMARY KEY, white_id int NOT NULL REFERENCES players, black_id int NOT NULL REFERENCES players, winner colour, captured piece[] NOT NULL DEFAULT '{}', board piece[][], clock interval[2]);
CREATE TABLE moves (game_id int REFERENCES games, ply smallint, piece piece NOT NULL, from_square char(2) NOT NULL, to_square char(2) NOT NULL, "check" bool NOT NULL DEFAULT false, PRIMARY KEY (game_id, ply));
