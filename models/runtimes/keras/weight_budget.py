"""No layer makes more weights than its file holds.

A description of a few hundred bytes can ask for a layer of any size, and Keras makes its weights,
filled with random numbers, before it looks into the file. ``add_weight`` is where both Keras make
them.
"""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_FREE = 10_000  # counters and seeds, which not every file holds

_left: ContextVar[int | None] = ContextVar("left", default=None)


@contextmanager
def of(values: int, library: Any) -> Iterator[None]:
    """Within it, layers of ``library``, tf_keras or keras, make ``values`` numbers at most.

    One more raises ValueError, in words, before it is made.
    """
    _guard(library.layers.Layer)
    before = _left.set(values + _FREE)
    try:
        yield
    finally:
        _left.reset(before)


def _guard(layer: Any) -> None:
    """Let the class count what it is asked for, where somebody has set a budget."""
    original = layer.add_weight
    if hasattr(original, "counts"):
        return
    signature = inspect.signature(original)

    @functools.wraps(original)
    def add_weight(self: Any, *args: Any, **kwargs: Any) -> Any:
        if (left := _left.get()) is not None:
            shape = signature.bind(self, *args, **kwargs).arguments.get("shape")
            left -= _size(shape)
            if left < 0:
                raise ValueError(
                    f"its layer {self.name} takes weights of the shape {tuple(shape or ())}, more "
                    "than its files hold"
                )
            _left.set(left)
        return original(self, *args, **kwargs)

    add_weight.counts = True  # type: ignore[attr-defined]
    layer.add_weight = add_weight


def _size(shape: Any) -> int:
    if shape is None:
        return 1
    sides = (shape,) if isinstance(shape, int) else tuple(shape)
    return math.prod(int(side) for side in sides if side is not None)
