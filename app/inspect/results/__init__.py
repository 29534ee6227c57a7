"""The Inspect page's results: layers, sizes, weights."""
