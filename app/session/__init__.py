"""A visitor's session state, what all visitors share, and links."""
