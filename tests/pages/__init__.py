"""Sentences about the web pages."""
