"""From two inventories to one order: what is made, changed and dropped, and what waits for what."""
