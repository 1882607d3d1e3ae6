-- Music: words whose plural is unusual, many-to-many by several ways.
CREATE TABLE artists (id int PRIMARY KEY, name text); CREATE TABLE albums (id int PRIMARY KEY, artist_id int REFERENCES artists, released date);
CREATE TABLE tracks (id int PRIMARY KEY, album_id int REFERENCES albums, seconds int NOT NULL, isrc char(12) UNIQUE);
CREATE TABLE track_artists (track_id int REFERENCES tracks, artist_id int REFERENCES artists, role text NOT NULL, PRIMARY KEY (track_id, artist_id, role));
CREATE TABLE playlists (id int PRIMARY KEY, owner text); CREATE TABLE playlist_tracks (playlist_id int REFERENCES playlists, position int, track_id int NOT NULL REFERENCES tracks, PRIMARY KEY (playlist_id, position));
CREATE TABLE genres (id int PRIMARY KEY); CREATE TABLE album_genres (album_id int NOT NULL REFERENCES albums, genre_id int NOT NULL REFERENCES genres, UNIQUE (album_id, genre_id));
CREATE TABLE movies (id int PRIMARY KEY); CREATE TABLE series (id int PRIMARY KEY); CREATE TABLE people (id int PRIMARY KEY); CREATE TABLE matrices (id int PRIMARY KEY);
