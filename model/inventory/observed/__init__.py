"""Observations and the inventory beside them."""
