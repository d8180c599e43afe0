"""From outputs of systems to the record of a run: scores, intervals, tests, controls."""
