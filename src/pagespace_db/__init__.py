"""Plain SQL in, typed Python out: the run time of pagespace-db."""
