"""Lantian: least-cost clean-air plans, unit by unit and year by year."""
