"""`python -m pagespace_db`: the same as the `pagespace-db` command."""

from pagespace_db.cli import main

main()
