"""Which format to ship, in sentences: of a whole judgement, and of one picture in a browser."""
