"""The problem as plain arrays and labels, and how it is built from scenario, baseline and options."""
