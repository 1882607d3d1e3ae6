"""SQL functions and operators, a module for each family: text, dates, arrays, documents, aggregates, windows."""
