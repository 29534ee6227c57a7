"""The Draw page: one digit through every lane, and what they say of it."""
