"""Renames: what is called otherwise and is the same, by the word of a user or for certain."""
