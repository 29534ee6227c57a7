"""How large a model may be, in bytes and in layers, and how much of models a server keeps loaded:
the operator sets it, by an environment variable each.
"""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """The number of ``unit`` that an environment variable sets."""

    variable: str
    usual: int
    most: int
    unit: str

    @property
    def value(self) -> int:
        """The limit. Raises ValueError, in words, where the variable is no such number."""
        said = os.environ.get(self.variable, "").strip() or str(self.usual)
        if not (
            said.isascii() and said.isdigit() and len(said) < 9 and 1 <= int(said) <= self.most
        ):
            raise ValueError(
                f"cannot be looked at while the environment variable {self.variable} is "
                f"{said[:60]!r}: set it to a number of {self.unit}, from 1 to {self.most:,}"
            )
        return int(said)


SIZE = Limit("DIGIT_PARITY_MODEL_MB", 1_024, 1 << 20, "megabytes")  # EfficientNetB7 has 256
# Layers or operations; EfficientNetB7 has 816 layers.
PARTS = Limit("DIGIT_PARITY_MODEL_LAYERS", 20_000, 1_000_000, "layers")
# Files of what TensorFlow's process keeps, of lanes and of tracers each: in memory a model takes
# several times as much, and the whole service has 1.5 GiB. This is three models of 14 MB in three
# lanes each, or a hundred like the shipped one.
KEPT = Limit("DIGIT_PARITY_KEPT_MB", 128, 1 << 20, "megabytes")


def check_size(size: int, what: str = "files") -> None:
    """Raise ValueError, in words, for a model of more bytes."""
    most = SIZE.value
    if size > most << 20:
        raise ValueError(
            f"has {what} of {size >> 20:,} MB; {most:,} MB is the most here, and the "
            f"environment variable {SIZE.variable} sets another"
        )


def check_parts(count: int, what: str = "layers or operations") -> None:
    """Raise ValueError, in words, for a model of more layers."""
    if count > PARTS.value:
        raise ValueError(
            f"has more than {PARTS.value:,} {what}; the environment variable {PARTS.variable} "
            "sets another number"
        )
