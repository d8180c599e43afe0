"""Metrics: what each extracts from the output of a system, and how its score is computed."""
