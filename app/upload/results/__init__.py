"""What the Upload page shows of a set."""
