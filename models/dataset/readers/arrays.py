"""Check arrays of pixels and of labels, whatever file they come from, and add their pictures."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.dataset import pixel_data, value_range
from models.dataset.classes import UNKNOWN
from models.dataset.collector import Collector, Labels
from models.dataset.dataset import Levels
from models.dataset.readers.parts import Parts
from models.digit import picture
from models.digit.digit import LEVELS, from_picture
from models.digit.ink import LEAST_CONTRAST
from models.digit.picture_file import reduced
from models.errors import InputError
from models.formats.model_input import Input

_AT_ONCE = 8 << 20  # bytes of pixels as the model takes them, which may be many times those given


def add(
    collector: Collector,
    file: str,
    given: Parts,
    labels: Labels | None = None,
    *,
    labels_from: str | None = None,
) -> None:
    """Add pictures to the dataset, named after the file and their index in it; one that is alone
    and has no label is named as the file is, and may be labelled by that.

    Those of the model's size are taken as they are, unless all digits are to be framed; others are
    made as it takes them. Their scale is that of all pictures, with or without room. Raises
    InputError.
    """
    if math.prod(given.picture[:2]) > collector.limits.pixels:
        raise InputError(f"Its pictures have more than {collector.limits.pixels:,} pixels each.")
    count = min(given.count, collector.room)
    if given.seen is None:  # nobody has looked at them yet
        collector.seen += count
    way = collector.options.pixels
    scale = None if way == "stretched" else given.scale()
    if count and scale is not None and scale not in value_range.USUAL:
        collector.note(file, value_range.guess(scale))
    collector.overflow(file, given.count)
    step = max(1, _AT_ONCE // math.prod(collector.picture))
    done, alone = 0, given.count == 1 and labels is None
    in_colour = False
    for part in given.read() if count else ():
        some = part[: count - done]
        levels = pixel_data.stretched(some) if scale is None else value_range.to_bytes(some, scale)
        if levels.ndim == 4 and levels.shape[3] == 3 and collector.options.target.is_digit:
            in_colour = in_colour or not _is_grey(levels)
            levels = _luminance(levels)
        levels = pixel_data.turned(levels, way)
        for start in range(0, len(levels), step):
            made = _made(levels[start : start + step], collector, file)
            indices = range(done, done + len(made))
            names = [file] if alone else [f"{file} [{index}]" for index in indices]
            known = None if labels is None else labels[done : done + len(made)]
            collector.add(file, names, made, known, named=alone, labels_from=labels_from)
            done += len(made)
        if done == count:
            break
    if in_colour:
        collector.note(file, "Its pictures are in colour: their luminance was taken.")


def add_unlabelled(collector: Collector, file: str, given: Parts) -> None:
    """Add pictures whose labels may come in another file. Raises InputError as ``add`` does."""
    before = collector.count
    add(collector, file, given)
    collector.part.images.append((file, before, given.count))


def _made(levels: Levels, collector: Collector, file: str) -> Levels:
    """Pictures (k, *any) uint8 as the model takes them, (k, *picture); blank where it takes digits
    and there is no ink.
    """
    options = collector.options
    target = options.target
    if levels.shape[1:] == target.picture and not (target.is_digit and options.framing == "all"):
        return levels.copy()  # not a view that keeps the whole file in memory
    made = np.zeros((len(levels), *target.picture), np.uint8)
    inked = _with_contrast(levels) if target.framing == "mnist" else range(len(levels))
    for index in inked:
        # Thousands of one picture make a small file, which must not take long.
        if index > 0 and np.array_equal(levels[index], levels[index - 1]):
            made[index] = made[index - 1]
        elif (fitted := _fitted(levels[index], target)) is not None:
            made[index] = fitted
        collector.report(file, int(index))
    return made


def _is_grey(levels: Levels) -> bool:
    return np.array_equal(levels[..., 0], levels[..., 1]) and np.array_equal(
        levels[..., 0], levels[..., 2]
    )


def _luminance(levels: Levels) -> Levels:
    """Pictures (k, h, w, 3) in grey (k, h, w), by ITU-R 601 as Pillow rounds it."""
    red, green, blue = (levels[..., at].astype(np.uint32) for at in range(3))
    return ((19_595 * red + 38_470 * green + 7_471 * blue + 32_768) >> 16).astype(np.uint8)


def _fitted(levels: Levels, target: Input) -> Levels | None:
    image = Image.fromarray(levels)
    if target.is_digit:
        return picture.levels(from_picture(reduced(image)))
    return picture.as_input(reduced(image) if target.framing == "mnist" else image, target)


def _with_contrast(levels: Levels) -> NDArray[np.intp]:
    """Which pictures (k, …) are not blank at first sight: those need not be framed."""
    flat = levels.reshape(len(levels), -1)
    contrast = flat.max(axis=1) - flat.min(axis=1)
    return np.flatnonzero(contrast / LEVELS >= LEAST_CONTRAST)


def labels_for(
    count: int, values: Callable[[], NDArray[Any]], collector: Collector, file: str
) -> NDArray[np.int32] | None:
    """Labels of ``count`` pictures, as ``as_labels`` makes them; None where ``values`` cannot give
    them, they are no labels, or another number, which is said.
    """
    try:
        labels = as_labels(values(), collector, file)
        if len(labels) != count:
            raise InputError(f"There are {len(labels):,} labels for {count:,} images.")
    except InputError as error:
        collector.skip(file, f"{error} The images are used without labels.")
        return None
    return labels


def as_labels(values: NDArray[Any], collector: Collector, file: str) -> NDArray[np.int32]:
    """Classes (n,), or one-hot rows (n, classes) → (n,) int32. What is no class becomes
    ``UNKNOWN``, and is said; for ten digits it is an InputError, as is anything else.
    """
    classes = collector.options.known
    if values.ndim == 2 and values.shape[1] == classes.count and values.dtype.kind in "iufb":
        values = values.argmax(axis=1)
    elif values.ndim == 2 and 1 in values.shape:
        values = values.reshape(-1)
    kinds = "iuf" if classes.are_digits else "iufUS"
    if values.ndim != 1 or values.dtype.kind not in kinds:
        expected = (
            "Expected (n,) digits, or (n, 10) one-hot."
            if classes.are_digits
            else "Expected (n,) numbers or names of classes, or one-hot rows."
        )
        raise InputError(
            f"Its labels have the shape {values.shape} and type {values.dtype}. {expected}"
        )
    if values.dtype.kind in "US":
        texts = [_text(each) for each in values]
        return said(classes.of_texts(texts), texts, collector, file)
    labels = classes.of_numbers(values)
    if classes.are_digits and (wrong := values[labels == UNKNOWN]).size:
        raise InputError(f"One of its labels is {wrong[0]}. Expected digits from 0 to 9.")
    return said(labels, values, collector, file)


def said(
    labels: NDArray[np.int32], given: Sequence[Any] | NDArray[Any], collector: Collector, file: str
) -> NDArray[np.int32]:
    """The labels. What of ``given`` is no class is said as left out of ``file``."""
    wrong = np.flatnonzero(labels == UNKNOWN)
    if wrong.size:
        no_class = collector.options.known.no_class(_number(given[int(at)]) for at in wrong)
        collector.skip(file, no_class)
    return labels


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _number(value: Any) -> str:
    return value if isinstance(value, str) else f"{float(value):g}"
