"""The Inspect page: every layer of both formats, side by side."""
