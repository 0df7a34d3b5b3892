"""The Mentoring Tool as a whole: its reference's examples, its races, masking and time at work."""
