"""The mentor's routes: `/mentor/…`."""
