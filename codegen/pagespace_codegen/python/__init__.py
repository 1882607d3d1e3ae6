"""From a catalog to Python: names, types, view models, text and files."""
