"""From annotated queries to their types: the server analyses, pure rules read its analysis."""
