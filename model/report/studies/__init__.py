"""Figures and pages of what is asked beside a plan."""
