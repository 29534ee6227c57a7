"""What all pages look like: markup, palette, chart theme, styles."""
