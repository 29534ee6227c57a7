"""The inputs that a model is compared on unless others are given.

The operator's examples, where these lie beside a stored model; without any, digits for a model of
digits, and for all others inputs of its own shape that are made here, always the same: pictures
with areas, edges and noise, or numbers. What they show is nothing that a model knows, but they send
numbers of every size through each layer: they make up the number of few examples, too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models import dataset
from models.dataset import Options, default_digits, own_examples, samples, tensors_file
from models.dataset.classes import UNKNOWN
from models.dataset.dataset import Dataset, Skipped
from models.dataset.samples import Samples
from models.errors import InputError
from models.formats.manifest import Manifest
from models.formats.model_input import Input
from models.formats.tensors import Tensor, Tensors, typed

COUNT = 1_000
FEWEST = 64
_VALUES = 1 << 24  # of all inputs: a hundred pictures of 224×224×3,
_MOST_VALUES = 1 << 26  # ... or more where these are few: 256 MB as floats, twice that in float64
_SEED = 28
_UNKNOWN_VALUES = 2  # of an integer that no table of words limits: it may choose one of two
_REASONS = 3  # why files were skipped that a sentence names
_GRIDS = (2, 3, 4, 7, 14)  # areas a side


@dataclass(frozen=True, eq=False)
class ComparedOn:
    """The ``samples``, what they are in words, and what was left out of them; ``source`` is where
    they are from, unless a person gave them.
    """

    samples: Samples
    described: str
    skipped: tuple[Skipped, ...] = ()
    source: str = "examples and variations of them"


def find(manifest: Manifest, folder: Path, data: Path | None = None) -> ComparedOn:
    """The inputs in the file or folder ``data`` for the model in ``folder``, else its own.

    Raises InputError when there is nothing in ``data`` that can be read, with the first reasons.
    """
    found = _find(manifest, folder, data)
    made, takes = found.samples, manifest.takes
    return replace(found, samples=replace(made, read=lambda at: typed(made.read(at), takes)))


def _find(manifest: Manifest, folder: Path, data: Path | None) -> ComparedOn:
    given = manifest.input
    if data is not None:
        return _read(data, manifest)
    count = how_many(manifest.takes)
    if given is None:
        made = samples.of_tensors(generated(manifest.takes, count))
        return ComparedOn(made, f"{count:,} inputs of random numbers", source="random numbers")
    own = own_examples.read(folder, manifest)
    skipped = () if own is None else own.skipped
    if own is not None and len(own):
        found = _of_examples(given, own.spread(count), count)
    elif given.is_digit:
        found = _digits(given, default_digits.digits(count))
    else:
        made = _of_pictures(pictures(given, count), given)
        found = ComparedOn(made, f"{count:,} generated pictures", source="generated pictures")
    return replace(found, skipped=skipped)


def _of_examples(given: Input, own: Dataset, count: int) -> ComparedOn:
    """The operator's, and where they are few, others made of them or here."""
    if given.picture == (28, 28):
        return _digits(given, default_digits.varied(own, count))
    described = f"{len(own):,} of the model's examples"
    alone = samples.of_pictures(own, given)
    if (missing := min(FEWEST, count) - len(own)) <= 0:
        return ComparedOn(alone, described, source="the model's examples")
    made = _of_pictures(pictures(given, missing), given)
    return ComparedOn(
        samples.joined(alone, made),
        f"{described} and {missing:,} generated pictures",
        source="the model's examples and generated pictures",
    )


def _read(data: Path, manifest: Manifest) -> ComparedOn:
    given = manifest.input
    if given is None:
        tensors, labels = tensors_file.read(data, manifest.takes)
        return ComparedOn(samples.of_tensors(tensors, labels), f"{len(tensors[0]):,} inputs")
    options = Options(target=given, classes=manifest.classes)
    read = dataset.read_path(data, options)
    if not len(read):
        raise InputError(_nothing(data, read.skipped))
    described = f"{len(read):,} {_called(given)}"
    made = samples.of_pictures(read, given, dataset.reread(data, options))
    return ComparedOn(made, described, read.skipped)


def _nothing(data: Path, skipped: Sequence[Skipped]) -> str:
    reasons = [f"{each.file}: {each.reason}" for each in skipped[:_REASONS]]
    more = f" {len(skipped) - _REASONS:,} more were skipped." if len(skipped) > _REASONS else ""
    return " ".join([f"No input could be read from {data}.", *reasons]) + more


def _digits(given: Input, digits: Dataset) -> ComparedOn:
    varied = sum(name.endswith(" varied") for name in digits.names)
    note = f", {varied:,} of them variations of the others" if varied else ""
    return ComparedOn(samples.of_pictures(digits, given), f"{len(digits):,} {_called(given)}{note}")


def _called(given: Input) -> str:
    return "digits" if given.is_digit else "pictures"


def how_many(takes: Sequence[Tensor]) -> int:
    """How many inputs a model is compared on: fewer of large ones."""
    values = max(1, sum(math.prod(each.whole) for each in takes))
    return max(1, min(max(FEWEST, min(COUNT, _VALUES // values)), _MOST_VALUES // values))


def generated(takes: Sequence[Tensor], count: int, seed: int = _SEED) -> Tensors:
    """``count`` inputs of random numbers, an array for each tensor: normally distributed floats,
    integers among the values that a table of words has, otherwise 0 or 1.
    """
    random = np.random.default_rng(seed)
    return tuple(_numbers(each, count, random) for each in takes)


def _numbers(tensor: Tensor, count: int, random: np.random.Generator) -> NDArray[Any]:
    shape = (count, *tensor.whole)
    if tensor.values is not None:
        return random.integers(0, tensor.values, shape).astype(tensor.dtype)
    if tensor.dtype == "uint8":
        return random.integers(0, 256, shape).astype(np.uint8)
    if not tensor.dtype.startswith("float"):
        return random.integers(0, _UNKNOWN_VALUES, shape).astype(tensor.dtype)
    return random.normal(size=shape).astype(tensor.dtype)


def _of_pictures(stored: NDArray[np.uint8], given: Input) -> Samples:
    labels = np.full(len(stored), UNKNOWN, np.int64)
    levels = np.arange(256, dtype=np.float32) / np.float32(255)
    return Samples(labels, lambda at: (given.tensor(levels[stored[at]]),))


def pictures(given: Input, count: int, seed: int = _SEED) -> NDArray[np.uint8]:
    """Pictures of areas that differ in number, brightness, contrast and colour, with noise over
    them: (count, *given.picture).
    """
    random = np.random.default_rng(seed)
    (height, width), channels = given.size, given.channels
    made = np.empty((count, height, width, channels), np.uint8)
    for number in range(count):
        grid = int(random.choice(_GRIDS))
        areas = random.random((grid, grid, channels))
        rows, columns = (np.arange(size) * grid // size for size in (height, width))
        contrast, noise = random.uniform(0.2, 1), random.uniform(0, 0.3)
        darkest = random.uniform(0, 1 - contrast)
        picture = darkest + contrast * areas[rows][:, columns]
        picture += noise * (random.random(picture.shape) - 0.5)
        made[number] = np.rint(np.clip(picture, 0, 1) * 255)
    return made.reshape(count, *given.picture)
