"""Briefings: one content model, and writers that only lay it out."""
