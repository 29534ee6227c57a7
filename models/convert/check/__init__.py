"""``digit-parity check``: what is known to stand in a model's way, before it is converted."""
