"""The catalog: everything read from a database, as frozen values, and the way from schema.sql to it."""
