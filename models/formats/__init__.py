"""How models are stored: manifest, store, the graph format, anatomy."""
