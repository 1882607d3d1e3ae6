"""The same work done by other libraries. Each module here is one of them, and is imported only when it is installed.

Not judged by the type checkers: the libraries come with the extra `bench`, which no one else needs.
"""
