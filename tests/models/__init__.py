"""Tests of what is owed, kept and known: the room `models/`."""
