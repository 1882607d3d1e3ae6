"""Rows with their related rows: what a schema says of relations, and one statement for each of them."""
