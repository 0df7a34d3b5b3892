"""Chaos: kills, outages and a carrier that fails, seeded and judged from outside."""
