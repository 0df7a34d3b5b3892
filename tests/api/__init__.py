"""Tests of the API: what a client sees, route by route."""
