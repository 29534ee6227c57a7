"""Where a digit is drawn, and how strokes become pixels."""
