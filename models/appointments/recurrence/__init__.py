"""Recurrence: `params` read safely, occurrences true to the wall clock, and what comes next in a series."""
