"""The rules of nullability: pure functions from a query tree and what the catalog says to verdicts."""
