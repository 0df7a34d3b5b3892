"""Calls that talk: what a sealed survey says and asks, step by step, whichever carrier's phone it is."""
