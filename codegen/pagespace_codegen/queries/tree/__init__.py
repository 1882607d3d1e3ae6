"""The query trees of the server, and what the catalog says of the objects that they refer to."""
