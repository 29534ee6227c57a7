"""Whether a model answers better when its inputs are made in another way."""
