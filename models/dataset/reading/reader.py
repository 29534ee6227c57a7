"""Files → a dataset, read in a process of their own, one set at a time."""

from __future__ import annotations

import math
import time
import weakref
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from models.dataset.collector import Collector
from models.dataset.dataset import Dataset, Levels, Options
from models.dataset.limits import LIMITS, Limits, size
from models.dataset.readers import label_pairs, pairs
from models.dataset.reading.process import DiedError, Process
from models.dataset.reading.turns import Turns
from models.dataset.reading.wire import Asked

_TURN = 5.0  # seconds, after which a set lets others go first between two files
_MOST_DEATHS = 10  # of processes over one set: whoever sends such files means it

_turns = Turns()


class _InUse:
    """The pictures of all datasets that somebody still has."""

    def __init__(self) -> None:
        self._sizes: dict[int, tuple[int, int]] = {}

    def add(self, pixels: Levels) -> None:
        """Count an array's pictures until it is freed."""
        self._sizes[id(pixels)] = len(pixels), pixels.nbytes
        weakref.finalize(pixels, self._sizes.pop, id(pixels), None)

    def forget(self, pixels: Levels) -> None:
        """Count an array no longer: its visitor gave it up, and what still shows it ends soon."""
        self._sizes.pop(id(pixels), None)

    def count(self) -> int:
        """How many pictures there are."""
        return sum(count for count, _ in tuple(self._sizes.values()))

    def bytes(self) -> int:
        """How many bytes their pixels have."""
        return sum(size for _, size in tuple(self._sizes.values()))


in_use = _InUse()


class Look(Protocol):
    """What is called some times a second while files are read; it may raise, which ends it all."""

    def __call__(self, count: int, before: int) -> None:
        """``count`` pictures were read; ``before`` sets are read first while this one waits."""


def _nobody(count: int, before: int) -> None:
    pass


def read_files(
    files: Iterable[tuple[str, bytes | Path]],
    options: Options,
    *,
    limits: Limits = LIMITS,
    look: Look = _nobody,
) -> Dataset:
    """The pictures of several files as one dataset, as ``models.dataset.read_many`` reads them.

    A file whose process dies, or that takes more time or memory than ``limits`` allow, is left out
    with a sentence. All sets of this process wait for each other: one is read at a time, for some
    seconds while others wait. Raises what ``look`` raises.
    """
    collector = Collector(options, limits)
    left = iter(files)
    file, deaths = next(left, None), 0
    while file is not None:
        with _turns.turn(lambda before: look(collector.count, before)), ExitStack() as ends:
            process, until = ends.enter_context(Process(limits.memory)), time.monotonic() + _TURN
            while file is not None:
                if deaths < _MOST_DEATHS:
                    try:
                        _read(file, process, collector, look)
                    except DiedError as death:
                        collector.skip(file[0], str(death))
                        deaths += 1
                        process = ends.enter_context(Process(limits.memory))
                else:
                    collector.skip(file[0], "It was not read: too many files of this set failed.")
                file = next(left, None)
                if _turns.others_wait and time.monotonic() > until:
                    break
    label_pairs.pair(collector)
    pairs.pair(collector)
    data = collector.dataset()
    in_use.add(data.stored)
    return data


def _read(
    file: tuple[str, bytes | Path], process: Process, collector: Collector, look: Look
) -> None:
    name, content = file
    limits, before = collector.limits, collector.count
    # Half of what is left, so that nobody's sets leave no room for another's few pictures.
    left = limits.images_together - in_use.count()
    left = min(left, (limits.bytes_together - in_use.bytes()) // math.prod(collector.picture))
    room = min(collector.room, max(0, left) // 2)
    if not room and collector.room:
        collector.skip(name, _no_room(limits))
        return
    asked = Asked(name, content, collector.options, limits, room)
    part = process.read(asked, lambda count: look(before + count, 0))
    for digits in part.digits:
        in_use.add(digits.pixels)
    collector.absorb(part)
    if collector.count - before == room < collector.most - before:
        collector.skip(name, _no_room(limits))


def _no_room(limits: Limits) -> str:
    return (
        "There is no room for more: the test sets of all visitors together may hold "
        f"{limits.images_together:,} images and {size(limits.bytes_together)}, and a file adds at "
        "most half of what is left. "
        "Try again later, or with fewer images."
    )
