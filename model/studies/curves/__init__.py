"""Least cost against reduction, of a region or of its cities."""
