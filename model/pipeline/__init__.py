"""Stages of a run in order, and the check that solves nothing."""
