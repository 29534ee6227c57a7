"""What the Draw page shows, as a visitor's session keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.digit.digit import Digit
from models.lanes import Backend, Weights


@dataclass(frozen=True)
class Visit:
    """What is shown: a picture and its label, or None after Clear; the pen's strokes, as Fabric.js
    writes them on a pad of 280 units; the backend that is asked for and the one that ran; the
    parameters of the page's address; how weights are stored.
    """

    digit: Digit | None
    label: str = ""
    strokes: Sequence[Any] = ()
    asked: str = "auto"
    backend: Backend | None = None
    query: tuple[tuple[str, str], ...] = ()
    weights: Weights = "float32"
