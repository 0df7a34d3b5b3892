"""Carriers: one file each; they know nothing of the rest of the house."""
