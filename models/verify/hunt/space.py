"""Where a hunt may go: near real inputs, no farther than a person would still take for one.

A candidate is a real input, by its place, and what is added to it: ``delta`` (n, values) float32, a
share of the range of the input's values. What is added to a picture is a whole number of 255ths, so
that a file or a link holds that very picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.dataset.samples import Samples
from models.errors import InputError
from models.formats.manifest import Manifest
from models.formats.model_input import Input
from models.formats.tensors import Tensors, typed

Floats = NDArray[np.float32]
Places = NDArray[np.int64]
LEVELS = np.float32(255)


@dataclass(frozen=True)
class Limits:
    """How far from a real input, as shares of the range: any one value, and the root of the mean
    of all squared.

    Those that adversarial digits are given in the literature: 0.3, and an L2 of 2.8 on 28×28.
    """

    linf: float = 0.3
    rms: float = 0.1

    def checked(self) -> Limits:
        """The same. Raises InputError for no distance that a hunt could use."""
        for name, value in (("--linf", self.linf), ("--rms", self.rms)):
            if not 0 < value <= 1:
                raise InputError(
                    f"The distance {name} is {value:g}. Expected a share of the range, above 0 and "
                    "at most 1."
                )
        return self


class Candidates(NamedTuple):
    """Real inputs by their places ``at`` (n,), and what is added to each: ``delta`` (n, values)."""

    at: Places
    delta: Floats

    def take(self, which: Any) -> Candidates:
        """Some of them."""
        return Candidates(self.at[which], self.delta[which])


def joined(parts: Sequence[Candidates]) -> Candidates:
    """All of them, at least one part."""
    at, delta = zip(*parts, strict=True)
    return Candidates(np.concatenate(at), np.concatenate(delta))


@dataclass(frozen=True, eq=False)
class Space:
    """The real inputs ``real``, (n, …) each, as the model takes them, and what of them may move.

    ``start`` (n, values) float32 is their share of the range, which begins at ``low`` and has the
    size ``span``, for each value. ``shape`` is that of a picture, (height, width, channels); () for
    other numbers. ``moved`` are the inputs of the model that move; ``given`` makes them of
    pictures, whose values are at the places ``order`` then.
    """

    real: Tensors
    start: Floats
    limits: Limits
    moved: tuple[int, ...] = (0,)
    shape: tuple[int, ...] = ()
    span: Floats | None = None
    order: Places | None = None
    given: Input | None = None

    def __len__(self) -> int:
        return len(self.start)

    @property
    def size(self) -> int:
        """How many values of an input move."""
        return int(self.start.shape[1])

    def within(self, found: Candidates) -> Candidates:
        """The nearest candidates that lie within the limits and the range."""
        start, most = self.start[found.at], np.float32(self.limits.linf)
        delta = np.clip(found.delta, -most, most)
        delta = np.clip(start + delta, 0, 1) - start
        far = rms(delta)
        delta *= (self.limits.rms / np.maximum(far, self.limits.rms))[:, None]
        if self.given is not None:
            nearly = np.copysign(np.float32(1e-4), delta)  # 29 / 255 · 255 is 28.999998
            delta = np.trunc(delta * LEVELS + nearly) / LEVELS  # no farther than before
        return Candidates(found.at, delta.astype(np.float32))

    def tensors(self, found: Candidates) -> Tensors:
        """What the model is given."""
        tensors = [each[found.at] for each in self.real]
        if self.given is not None:
            made = self.given.tensor(self.pictures(found) / LEVELS)
            return (made.astype(tensors[0].dtype, copy=False),)
        assert self.span is not None
        added, at = found.delta * self.span, 0
        for place in self.moved:
            each = tensors[place]
            size = math.prod(each.shape[1:])
            part = added[:, at : at + size].reshape(each.shape)
            tensors[place] = (each + part).astype(each.dtype)
            at += size
        return tuple(tensors)

    def pictures(self, found: Candidates) -> NDArray[np.float32]:
        """Their levels, whole numbers from 0 to 255: (n, *picture) float32."""
        assert self.given is not None
        levels = np.rint((self.start[found.at] + found.delta) * LEVELS).astype(np.float32)
        shaped: NDArray[np.float32] = levels.reshape(-1, *self.given.picture)
        return shaped

    def slopes(self, slopes: Tensors) -> Floats:
        """Of slopes in the values that the model takes, those in ``delta``: (n, values)."""
        parts = [np.asarray(slopes[place], np.float32) for place in self.moved]
        assert self.span is not None
        flat: Floats = np.concatenate([each.reshape(len(each), -1) for each in parts], axis=1)
        flat *= self.span
        if self.order is None:
            return flat
        back: Floats = np.empty_like(flat)
        back[:, self.order] = flat
        return back


def rms(delta: NDArray[Any]) -> NDArray[np.float64]:
    """The root of the mean of the squares of each row."""
    root: NDArray[np.float64] = np.sqrt(np.mean(np.square(delta, dtype=np.float64), axis=1))
    return root


def of(manifest: Manifest, samples: Samples, limits: Limits) -> Space:
    """The space around ``samples``. Raises InputError where nothing of an input can move."""
    real = typed(samples.tensors(), manifest.takes)
    if manifest.input is not None and len(real) == 1:
        return _of_pictures(manifest.input, real, limits)
    moved = tuple(at for at, each in enumerate(real) if each.dtype.kind == "f")
    if not moved:
        raise InputError(
            f"Model {manifest.name!r} takes whole numbers that are no picture, such as words: "
            "between two of them there is no way to climb. Expected an input of floats."
        )
    spans, starts = [], []
    for at in moved:
        flat = real[at].reshape(len(real[at]), -1).astype(np.float32)
        low, high = float(flat.min()), float(flat.max())
        span = np.float32(high - low or 1.0)
        spans.append(np.full(flat.shape[1], span, np.float32))
        starts.append((flat - np.float32(low)) / span)
    start, span_of_all = np.concatenate(starts, axis=1), np.concatenate(spans)
    return Space(real, start, limits, moved, span=span_of_all)


def _of_pictures(given: Input, real: Tensors, limits: Limits) -> Space:
    """Pictures again, from the tensors that were made of them."""
    count = math.prod(given.picture)
    plain = replace(given, scale=(1.0,), offset=(0.0,), dtype="float32")
    places = np.arange(count, dtype=np.float32).reshape(1, *given.picture)
    order = plain.tensor(places).ravel().astype(np.int64)
    ends = replace(given, dtype="float32").tensor(
        np.stack([np.zeros(given.picture), np.ones(given.picture)]).astype(np.float32)
    )
    black, white = ends.reshape(2, -1)
    flat = real[0].reshape(len(real[0]), -1).astype(np.float32)
    start = np.empty_like(flat)
    start[:, order] = (flat - black) / (white - black)
    levels = np.clip(np.rint(start * LEVELS), 0, LEVELS) / LEVELS
    shape = (*given.size, given.channels)
    return Space(real, levels, limits, shape=shape, span=white - black, order=order, given=given)
