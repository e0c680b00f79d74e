"""What follows from the figures: datasets in, quantities and tables out; no files, no drawing, no sentences."""
