"""How all pages look: HTML, palette, chart theme, stylesheet."""
