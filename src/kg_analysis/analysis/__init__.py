"""What follows from the figures: frames in, frames out; no files, no drawing, no sentences."""
