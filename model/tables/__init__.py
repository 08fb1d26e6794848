"""The only reader of inputs/: one schema, every check, all faults at once."""
