"""Which of several arrays holds the images, and which their labels: by their names, as Keras,
scikit-learn and others give them, else by their shapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.dataset.classes import Classes
from models.dataset.dataset import Split
from models.dataset.readers import pairs

_USUAL = ("x", "images", "image", "data", "pixels", "x_test", "x_train", "arr_0")
_NONE = frozenset(("weight", "weights", "kernel", "kernels", "bias", "biases", "w", "b"))
_SPLITS = {
    "test": ("test", "testing", "10k", "eval", "val", "valid", "validation"),
    "train": ("train", "training"),
}


@dataclass(frozen=True)
class Choice:
    """Names of arrays; ``note`` says what was guessed."""

    images: str
    labels: str | None
    note: str | None = None


def choose(shapes: Mapping[str, tuple[int, ...]], split: Split, classes: Classes) -> Choice | None:
    """The images and the labels among arrays of these names and shapes; None without images."""
    may_be = [name for name, shape in shapes.items() if len(shape) > 1]
    may_be = [name for name in may_be if not _NONE & set(pairs.key(name))]
    may_be = [name for name in may_be if not pairs.are_labels(name)] or may_be
    named = [name for name in may_be if pairs.are_images(name) or name.lower() in _USUAL]
    found = min(named, key=lambda name: _order(name, split), default=None)
    if found is not None:
        return Choice(found, *_labels(found, shapes, classes))
    if not may_be:
        return None
    largest = max(may_be, key=lambda name: len(shapes[name]))
    labels, note = _labels(largest, shapes, classes)
    if len(may_be) > 1:
        note = f"Took its array {largest} for images{f', {labels} for labels' if labels else ''}."
    return Choice(largest, labels, note)


def _order(name: str, split: Split) -> tuple[bool, int, int]:
    """Names of the wanted split first, then those of none; then the usual ones."""
    words = set(pairs.key(name))
    wanted = bool(words & set(_SPLITS[split]))
    other = any(words & set(each) for each in _SPLITS.values())
    plain = name.lower()
    usual = _USUAL.index(plain) if plain in _USUAL else len(_USUAL)
    return not wanted, 1 if other else 0, usual


def _labels(
    images: str, shapes: Mapping[str, tuple[int, ...]], classes: Classes
) -> tuple[str | None, str | None]:
    """The labels of these images, and what was guessed: an array named as theirs, else the only one
    of as many numbers.
    """
    others = [name for name in shapes if name != images]
    same = [name for name in others if pairs.key(name) == pairs.key(images)]
    if named := [name for name in same if pairs.are_labels(name)]:
        return named[0], None
    count = shapes[images][0]
    fit = [name for name in others if _are_as_many(shapes[name], count, classes)]
    named = [name for name in fit if pairs.are_labels(name)]
    if len(named) == 1:
        return named[0], None
    if len(fit) == 1 and not named:
        return fit[0], f"Took its array {fit[0]} for labels."
    return None, None


def _are_as_many(shape: tuple[int, ...], count: int, classes: Classes) -> bool:
    return shape in ((count,), (count, 1), (1, count), (count, classes.count))
