"""Recurrence by brute force, written from RFC 5545 and the standard library alone, to judge the product's by."""
