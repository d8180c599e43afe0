"""Comparisons of two runs, and the history of many."""
