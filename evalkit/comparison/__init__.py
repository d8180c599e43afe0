"""Runs beside each other: two runs compared, and many runs over time."""
