"""What lies beside a model's file and says how pictures become its input."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """``labels`` are the names of the classes; ``size`` is (height, width) of the pictures, and
    ``teachable`` says that Teachable Machine trained the model: on the middle of pictures, with
    pixels from −1 to 1.
    """

    labels: tuple[str, ...] = ()
    size: tuple[int, int] | None = None
    teachable: bool = False
