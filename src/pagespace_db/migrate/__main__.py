"""`python -m pagespace_db.migrate`: the migrate commands with the run-time install alone, for containers."""

import sys

from pagespace_db.cli import main

sys.argv.insert(1, "migrate")
main("python -m pagespace_db")
