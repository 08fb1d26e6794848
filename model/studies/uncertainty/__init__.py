"""Uncertainty of a given plan: emission, limits, cost, and which numbers it comes from."""
