"""What is in a database, object by object: see `model` for the values and `read` for where they come from."""
