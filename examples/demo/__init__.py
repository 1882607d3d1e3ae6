"""A workspace of a thousand people, and the queries of an application on it: `python -m examples.demo`."""
