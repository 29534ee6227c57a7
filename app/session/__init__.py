"""A visitor's state, what visitors share, and links."""
