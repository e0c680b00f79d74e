"""Notebook runs that keep their promises: a desk of their own, nothing good overwritten, many at a time."""
