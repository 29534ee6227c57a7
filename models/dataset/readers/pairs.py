"""Images and labels in a file each, as MNIST's IDX files have them: they find each other by their
names, ``X_test.npy`` and ``y_test.npy``, or by their number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import PurePosixPath

from models.dataset.collector import Collector

_IMAGES = frozenset({"x", "image", "images", "img", "imgs", "picture", "pictures", "idx3", "idx4"})
_IMAGES |= {"pixel", "pixels", "data", "feature", "features", "input", "inputs", "samples"}
_LABELS = frozenset({"y", "label", "labels", "lbl", "lbls", "target", "targets", "idx1"})
_LABELS |= {"class", "classes", "answers", "truth"}
_ROLES = _IMAGES | _LABELS | {"ubyte"}
_SUFFIXES = frozenset(["npy", "npz", "csv", "tsv", "txt", "data", "gz", "bz2", "xz", "idx"])
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"idx[0-9]|[a-z]+|[0-9]+[a-z]*")
_ROLE = "(x|y|images?|imgs?|labels?|data|targets?)?"
_JOINED = re.compile(f"{_ROLE}(train(?:ing)?|test(?:ing)?|val(?:id(?:ation)?)?){_ROLE}")


def are_labels(name: str) -> bool:
    """Whether a name says that a file, or an array, holds labels."""
    return bool(_LABELS & set(_words(PurePosixPath(name).name)))


def are_images(name: str) -> bool:
    """Whether a name says that a file, or an array, holds images and no labels."""
    words = set(_words(PurePosixPath(name).name))
    return bool(_IMAGES & words) and not _LABELS & words


def key(name: str) -> tuple[str, ...]:
    """What is left of a name without the words for images and for labels: the same in a pair."""
    return tuple(word for word in _words(name) if word not in _ROLES and word not in _SUFFIXES)


def pair(collector: Collector) -> None:
    """Give images that came without labels theirs: from the file of the same name but for its
    role, else from one of the same number, where there is no other.
    """
    part = collector.part
    by_key, by_count = defaultdict(list), defaultdict(set)
    for at in reversed(range(len(part.images))):
        name, _, count = part.images[at]
        by_key[key(name), count].append(at)
        by_count[count].add(at)
    alone = list[int]()
    for which, (name, labels) in enumerate(part.labels):
        if same := by_key[key(name), len(labels)]:
            at = same.pop()
            by_count[len(labels)].discard(at)
            collector.label(part.images[at][1], labels)
        else:
            alone.append(which)
    for which in alone:
        name, labels = part.labels[which]
        if len(left := by_count[len(labels)]) == 1:
            collector.label(part.images[left.pop()][1], labels)
        else:
            collector.skip(name, _no_images(len(labels), len(left)))


def _no_images(count: int, several: int) -> str:
    if several:
        return (
            f"{several:,} files have as many images as these {count:,} labels. Name images and "
            "labels alike, such as X_test.npy and y_test.npy."
        )
    return (
        f"These {count:,} labels belong to no images that were read. Expected a file of as many "
        "images beside it, such as X_test.npy for y_test.npy."
    )


def _words(name: str) -> list[str]:
    """A name's words in lower case; ``Xtest`` and ``testImages`` are two each."""
    parts = list[str]()
    for word in _WORD.findall(_CAMEL.sub(" ", name).lower()):
        joined = _JOINED.fullmatch(word)
        parts += filter(None, joined.groups()) if joined else [word]
    return parts
