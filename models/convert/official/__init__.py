"""The official converter, here or in a process of its own."""
