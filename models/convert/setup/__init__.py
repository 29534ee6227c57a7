"""``digit-parity setup``: the official converter for an installed wheel."""
