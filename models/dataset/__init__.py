"""Labelled pictures from whatever people have: pictures, ZIP, CSV, IDX, NPZ, UNIPEN, folders.

They never fail because of a file: each one that cannot be read becomes a line of
``Dataset.skipped``, and the others go on. ``read_files`` and ``read_path`` read in a process of its
own, with limits on time and memory; ``read`` and ``read_many`` read files of our own in this one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from models.dataset.classes import UNKNOWN
from models.dataset.collector import Collector
from models.dataset.dataset import FRAMINGS, SPLITS, Cut, Dataset, Note, Options, Skipped
from models.dataset.limits import LIMITS, OWN, Limits
from models.dataset.readers import choose, label_table, pairs
from models.dataset.readers.packed import archive
from models.dataset.reading.reader import Look, read_files
from models.errors import InputError
from models.formats.model_input import Input

__all__ = [
    "FRAMINGS",
    "LIMITS",
    "SPLITS",
    "UNKNOWN",
    "Cut",
    "Dataset",
    "Limits",
    "Look",
    "Note",
    "Options",
    "Skipped",
    "read",
    "read_files",
    "read_many",
    "read_path",
    "reread",
]

DEFAULTS = Options()


def read(name: str, content: bytes | Path, options: Options = DEFAULTS) -> Dataset:
    """The pictures of one file, bytes or a path. ``name`` may say its kind and label."""
    return read_many([(name, content)], options)


def read_many(
    files: Iterable[tuple[str, bytes | Path]],
    options: Options = DEFAULTS,
    *,
    limits: Limits = LIMITS,
    on_progress: Callable[[str, int], None] | None = None,
) -> Dataset:
    """The pictures of several files as one dataset. IDX labels and tables of labels find theirs
    among them.

    ``on_progress`` is called with a file's name and the number of pictures so far.
    """
    collector = Collector(options, limits, on_progress)
    for name, content in files:
        choose.read(name, content, collector)
    pairs.pair(collector)
    label_table.pair(collector)
    return collector.dataset()


def read_path(path: Path, options: Options = DEFAULTS, *, limits: Limits = OWN) -> Dataset:
    """Read a file, or all files below a folder, as ``read_files`` does. With one of MNIST's IDX
    files, or one ``.npy`` of a pair, the other beside it is read too. Raises InputError when there
    is nothing at ``path``.
    """
    if path.is_dir():
        inside = sorted(each for each in path.rglob("*") if each.is_file())
        names = [(_printable(each.relative_to(path)), each) for each in inside]
        wanted = [
            (name, each) for name, each in names if not archive.is_litter(PurePosixPath(name))
        ]
        if len(wanted) > limits.files:
            raise InputError(f"{path} holds {len(wanted):,} files; at most {limits.files:,} may.")
        return read_files(wanted, options, limits=limits)
    if not path.exists():
        raise InputError(f"There is nothing at {path}. Expected a file or a folder of test images.")
    named = [(_printable(Path(each.name)), each) for each in (path, *_beside(path))]
    return read_files(named, options, limits=limits)


def reread(path: Path, options: Options) -> Callable[[Input, Sequence[str]], Dataset]:
    """What reads pictures of some names again, as another input has them; arrays are no pictures
    that could be made otherwise.
    """
    return lambda target, names: read_path(path, replace(options, target=target, only=tuple(names)))


def _beside(path: Path) -> list[Path]:
    """The labels of these images, or the images of these labels, in the same folder."""
    idx = Path(str(path).replace("images-idx3", "labels-idx1"))
    if idx != path:
        return [idx] if idx.exists() else []
    arrays = sorted(path.parent.glob("*.npy")) if path.suffix == ".npy" else []
    return [
        each
        for each in arrays
        if pairs.key(each.name) == pairs.key(path.name)
        and pairs.are_labels(each.name) != pairs.are_labels(path.name)
    ][:1]


def _printable(path: Path) -> str:
    """The name, with bytes that are not UTF-8 replaced, because those cannot be printed."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")
