"""What seems wrong with how a set of digits was read, before its accuracy is believed: its pixel
data, or its labels. The reference is asked of a few hundred pictures; nothing is changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from models.dataset import pixel_data
from models.dataset.classes import UNKNOWN
from models.dataset.dataset import Dataset, Options
from models.dataset.labels import OF_NAMES
from models.dataset.readers import kinds
from models.dataset.remedy import Remedy
from models.lanes import Pixels, Probabilities
from models.parity.inputs import doubtful_labels, pixel_ways
from models.parity.inputs.doubtful_labels import Contradiction
from models.parity.inputs.pixel_ways import Reading

MOST = 256  # pictures that are asked, and again in each other way that makes sense
_AGREE = 0.8  # of the sure readings with numbers that were taken for a count
_OF_NUMBERS = frozenset((*kinds.ARRAYS, *kinds.TABLES))  # suffixes
_OF_AN_ARRAY = re.compile(r" \[[0-9]+\]$")

Asking = Generator[Pixels, Probabilities, tuple[Remedy, ...]]
"""Yields pictures to ask the reference, and is sent its probabilities for them."""


def check(data: Dataset, options: Options, known: Probabilities | None = None) -> Asking:
    """Find what would mend a set that was read with these options; what the names alone tell comes
    last. ``known`` (n, 10) are the reference's answers to all of it, where it has answered. Nothing
    is asked of what is no set of digits.
    """
    said = tuple(of_names(data, options))
    if not (len(data) and options.target.is_digit and options.known.are_digits):
        return said
    labelled = np.flatnonzero(data.labels != UNKNOWN)
    pool = labelled if labelled.size else np.arange(len(data))
    at = pool[np.unique(np.linspace(0, len(pool) - 1, MOST).astype(np.int64))]
    sample = data.take(at)
    answers = (yield sample.pixels()) if known is None else known[at]
    if options.pixels == pixel_data.WAYS[0]:
        mended = yield from _other_ways(sample, answers)
        if mended is not None:
            return (mended, *said)
    if (wrong := doubtful_labels.find(answers, sample.labels)) is not None:
        return (_contradicted(wrong, data),)
    if data.counted and not labelled.size and _agree(sample, answers):
        return (_as_labels(data, "agree with what is read of the pictures", grave=True),)
    return said


def found(
    data: Dataset,
    options: Options,
    ask: Callable[[Pixels], Probabilities],
    known: Probabilities | None = None,
) -> tuple[Remedy, ...]:
    """What ``check`` finds where the reference answers at once."""
    asking = check(data, options, known)
    try:
        pictures = next(asking)
        while True:
            pictures = asking.send(ask(pictures))
    except StopIteration as ended:
        remedies: tuple[Remedy, ...] = ended.value
        return remedies


def of_names(data: Dataset, options: Options) -> Iterator[Remedy]:
    """The other way to take numbers in names, which are labels or merely count."""
    if data.counted and options.labels == "auto":
        yield _as_labels(data, "count the pictures, so they are taken as no labels", grave=False)
    taken = sum(data.labelled_by.get(each, 0) for each in OF_NAMES)
    if taken and data.classes.are_digits:
        images = "1 label is" if taken == 1 else f"{taken:,} labels are"
        yield Remedy(
            f"{images} read from file names, whose numbers may also merely count.",
            "Take names as no labels",
            "--labels folder",
            {"labels": "folder"},
            grave=False,
        )


def _as_labels(data: Dataset, why: str, *, grave: bool) -> Remedy:
    # digit10.png comes after digit9.png
    names = sorted((each.rpartition("/")[2] for each in data.counted), key=lambda x: (len(x), x))
    listed = names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"
    return Remedy(
        f"The numbers in names ({listed}) {why}.",
        "Take them as labels",
        "--labels name",
        {"labels": "name"},
        grave=grave,
    )


def _other_ways(
    sample: Dataset, answers: Probabilities
) -> Generator[Pixels, Probabilities, Remedy | None]:
    """The way in which the pixel data of a sample is read better."""
    at = np.flatnonzero(_of_arrays(sample))
    few = sample.take(at)
    now = Reading.of(answers[at], few.labels)
    others = {}
    for way in pixel_ways.sensible(few.stored, now):
        turned = pixel_data.taken(few.stored, way)
        others[way] = Reading.of((yield turned.astype(np.float32) / np.float32(255)), few.labels)
    best = pixel_ways.better(now, others)
    return None if best is None else pixel_ways.remedy(best, now, others[best])


def _of_arrays(data: Dataset) -> NDArray[np.bool_]:
    """Which pictures came as numbers: those are named by their place in a file, or as the file is
    where it holds one alone.
    """
    placed = np.array([bool(_OF_AN_ARRAY.search(name)) for name in data.names], bool)
    alone = np.array(
        [PurePosixPath(name).suffix.lower() in _OF_NUMBERS for name in data.names], bool
    )
    of_arrays: NDArray[np.bool_] = (placed & ~data.named) | alone
    return of_arrays


def _agree(sample: Dataset, answers: Probabilities) -> bool:
    """Whether sure readings are the numbers in names that were taken for a count."""
    labels = sample.relabelled("name").labels
    sure = (labels != UNKNOWN) & (answers.max(axis=1) >= pixel_ways.SURE)
    if sure.sum() < doubtful_labels.LEAST:
        return False
    return bool((answers.argmax(axis=1) == labels)[sure].mean() >= _AGREE)


def _contradicted(wrong: Contradiction, data: Dataset) -> Remedy:
    where = next(iter(data.labelled_by)) if len(data.labelled_by) == 1 else "several places"
    if wrong.one is not None:
        return Remedy(
            f"Nearly all pictures are read as {wrong.one}, whatever their label. Look at what was "
            "read of them before you believe any accuracy: a frame or a shadow may be ink."
        )
    of_names = set(data.labelled_by) <= set(OF_NAMES)
    if wrong.shift is not None:
        more = "more" if wrong.shift > 0 else "less"
        cause = f"nearly all are {abs(wrong.shift)} {more} than the digit that is read"
    elif of_names:
        cause = "the numbers in names may merely count"
    else:
        cause = "they seem to be shuffled or those of other images, unless these are turned"
    rule = "folder" if of_names else "off"
    return Remedy(
        f"Sure readings contradict {wrong.wrong:,} of {wrong.sure:,} labels from {where}: {cause}.",
        "Take names as no labels" if of_names else "Ignore the labels",
        f"--labels {rule}",
        {"labels": rule},
    )
