"""Notebook runs that keep their promises: typed parameters, staged outputs, nothing good overwritten."""
