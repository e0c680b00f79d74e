"""From a report file to its text, and from printed figures back to the page."""
