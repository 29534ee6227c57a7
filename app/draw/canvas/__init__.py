"""The canvas, and how pen strokes become pixels."""
