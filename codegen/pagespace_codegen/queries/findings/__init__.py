"""Findings about queries: what the server refuses, and what it accepts but nobody can mean."""
