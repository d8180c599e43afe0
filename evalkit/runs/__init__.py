"""Runs: their records, and how they are written, read back and found."""
