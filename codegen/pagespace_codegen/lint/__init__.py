"""What may hurt about a migration that is right: locks, rewrites, losses, names that running code still uses.

The server says what a statement does, by doing it: `observe` replays the files and asks which locks are held, which
tables were read as a whole and which were written anew. `rules` turns that into findings, and knows no SQL.
"""
