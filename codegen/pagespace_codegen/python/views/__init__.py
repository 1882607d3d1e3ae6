"""From decided values to view models: every line of the generated modules, spelled and laid out."""
