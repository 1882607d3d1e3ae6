"""Development time: everything that reads schema.sql and queries/*.sql."""
