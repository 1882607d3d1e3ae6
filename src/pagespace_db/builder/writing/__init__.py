"""INSERT, UPDATE and DELETE: what is assigned, of what types, and what comes back."""
