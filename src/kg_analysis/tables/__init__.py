"""The only readers and writers of ``data/``."""
