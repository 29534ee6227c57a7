"""The digits that lanes are compared on unless others are given."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from models import dataset
from models.dataset import LIMITS, Dataset, Options
from models.dataset.collector import Collector
from models.dataset.dataset import Levels
from models.formats.store import EXAMPLES

COUNT = 1_000
_SEED = 28


def digits(folder: Path, count: int = COUNT) -> Dataset:
    """At least ``count`` digits, the same in every call: the examples in ``folder``, or else those
    of the shipped model, and variations of them to make up the number.

    Raises InputError when the examples cannot be read.
    """
    own = folder / EXAMPLES.name
    source = dataset.read_path(own if own.is_file() else EXAMPLES)
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
