"""The digits that lanes are compared on unless others are given."""

from __future__ import annotations

import numpy as np

from models import dataset
from models.dataset import LIMITS, Dataset, Options
from models.dataset.collector import Collector
from models.dataset.dataset import Levels
from models.formats.store import EXAMPLES

COUNT = 1_000
_SEED = 28


def digits(count: int = COUNT) -> Dataset:
    """At least ``count`` digits, the same in every call: those that ship, and variations."""
    return varied(dataset.read_path(EXAMPLES), count)


def varied(source: Dataset, count: int) -> Dataset:
    """The pictures of 28×28 in ``source``, and variations of them to make up ``count``."""
    if len(source) >= count or not len(source):
        return source
    collector = Collector(Options(), LIMITS)
    collector.add(source.names[0], source.names, source.stored, source.labels)
    missing = np.arange(count - len(source)) % len(source)
    names = (f"{source.names[index]} varied" for index in missing)
    collector.add("variations", names, _vary(source, missing), source.labels[missing])
    return collector.dataset()


def _vary(source: Dataset, chosen: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Levels:
    from models.digit.augment import augment

    varied = augment(source.pixels()[chosen], np.random.default_rng(_SEED))
    levels: Levels = np.rint(np.clip(varied, 0, 1) * 255).astype(np.uint8)
    return levels
