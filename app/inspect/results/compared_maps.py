"""A channel in two versions and their difference: the pictures, what is said below and of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.inspect.results import feature_maps
from app.inspect.results.feature_maps import Values
from models.parity.figures import plain, short

_HUGE = 1e15  # of an amplification: no float32 differs by less of what is beside it
_NONE = "all black: there is none"


@dataclass(frozen=True)
class Figure:
    """A picture, its caption, and its text alternative: what is seen."""

    url: str
    caption: str
    alt: str


@dataclass(frozen=True, eq=False)
class Version:
    """What one version gives: (channels, height, width) or (1, height, width, 3).

    ``name`` is that below its picture, ``spoken`` that in a sentence: "the original". ``count`` is
    how many of the values are its own, where the last line is filled up.
    """

    name: str
    spoken: str
    maps: Values
    count: int | None = None


def farthest(base: Values, other: Values) -> int:
    """The channel in which two versions are farthest apart; one with NaN in one of them first."""
    apart = _apart(base, other)
    each = np.where(np.isfinite(base) == np.isfinite(other), np.nan_to_num(apart), np.inf)
    return int(each.reshape(len(each), -1).max(axis=1).argmax())


def figures(what: str, base: Version, other: Version, *, every: int = 1) -> Sequence[Figure]:
    """Both versions on one scale, and their difference on a scale of its own, which is said.

    ``what`` begins the text alternatives: "conv1, channel 3". ``every`` is which rows and columns
    of the layer there are: each so many-th.
    """
    low, high = scale = feature_maps.span(base.maps, other.maps)
    apart = _apart(base.maps, other.maps)
    furthest = feature_maps.span(apart)[1]
    return (
        _shown(base, scale, f": {_figure(low)} to {_figure(high)}", _alt(what, base, every)),
        _shown(other, scale, ", on the same scale", _alt(what, other, every)),
        Figure(
            feature_maps.picture(apart, 0.0, furthest),
            _amplified(furthest, high - low),
            f"{what}: the difference between {base.spoken} and {other.spoken}, "
            + (f"up to {_small(furthest)}, largest {_place(apart, every)}" if furthest else _NONE),
        ),
    )


def _apart(base: Values, other: Values) -> Values:
    with np.errstate(invalid="ignore", over="ignore"):
        return np.abs(other.astype(np.float64) - base.astype(np.float64))


def _shown(version: Version, scale: tuple[float, float], says: str, alt: str) -> Figure:
    grey = _grey(version)
    url = feature_maps.picture(version.maps, *scale)
    return Figure(url, f"{version.name}{says}{grey}", f"{alt}{grey}")


def _alt(what: str, version: Version, every: int) -> str:
    low, high = feature_maps.span(version.maps)
    seen = f"{what}, in {version.spoken}: {_size(version.maps)} values"
    if low == high:
        return f"{seen}, all {_figure(low)}"
    at = _place(version.maps, every)
    return f"{seen} from {_figure(low)} to {_figure(high)}, brightest {at}"


def _amplified(furthest: float, spread: float) -> str:
    """The difference's caption: what white is, and how much stronger it is than in the others."""
    if not furthest:
        return "Their difference: none, every value is the same"
    factor = spread / furthest
    times = f", amplified {plain(factor)} times" if 1 < factor < _HUGE else ""
    return f"Their difference{times}: white is {_small(furthest)}"


def _place(maps: Values, every: int) -> str:
    """Where the largest value is, counted from 0 as in the tables."""
    _, row, column, *_ = np.unravel_index(
        np.where(np.isfinite(maps), maps, -np.inf).argmax(), maps.shape
    )
    return f"at row {row * every}, column {column * every}" if maps.shape[1] > 1 else f"at {column}"


def _size(maps: Values) -> str:
    return "×".join(map(str, maps.shape[1:]))


def _grey(version: Version) -> str:
    """What is grey in a map, but for a last line that is filled up."""
    values = version.maps.ravel()[: version.count]
    strays = int((~np.isfinite(values)).sum())
    return f"; grey: {strays:,} that are no numbers" if strays else ""


def _figure(value: float) -> str:
    return f"{value:.3g}"


def _small(value: float) -> str:
    """A difference as people read it, and as engineers write it where that is shorter."""
    return plain(value) if value >= 1e-4 else f"{plain(value)} ({short(value)})"
