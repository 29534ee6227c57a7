"""Tables of pixels, and other texts that hold them: CSV and its kin."""
