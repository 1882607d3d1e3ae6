"""From catalog and configuration to decided values: every name, type and relation of the package."""
