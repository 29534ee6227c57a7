"""The Draw page: one digit through every lane, and their answers."""
