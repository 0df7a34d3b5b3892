"""Readers of what carriers send back: webhook bodies in, neutral reports out."""
