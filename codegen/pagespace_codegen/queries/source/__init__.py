"""Queries as their authors write them: annotations, named parameters, optional parts."""
