"""What the numbers call for in words: one module a topic; the words are in ``text/``."""
