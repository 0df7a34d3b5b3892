"""Appointments: what they promise."""
