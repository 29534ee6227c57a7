"""Archives and compressed files, unpacked in memory within bounds: nothing is written to disk."""
