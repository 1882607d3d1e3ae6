"""Migrations: a folder of SQL files, applied to a database exactly once and in order, as dbmate does it.

The format, the version table and the lock are dbmate's, so that both tools can work on one folder and one database.
`file` reads the folder, `state` the database, `plan` compares the two, `runner` acts; only `runner` changes anything.
"""
