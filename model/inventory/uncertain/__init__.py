"""The uncertain numbers behind an inventory, and what they move."""
