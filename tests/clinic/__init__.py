"""A year of a clinic: practices whose calendars recur and whose patients are reminded, played on a running system."""
