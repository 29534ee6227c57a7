"""What the Draw page shows of the lanes' answers."""
