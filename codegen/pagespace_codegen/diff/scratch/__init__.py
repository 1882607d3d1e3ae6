"""Scratch databases: a schema that is not trusted is loaded into one, and what each role may run there."""
