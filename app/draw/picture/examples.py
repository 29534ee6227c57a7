"""The pictures that the operator put beside a model: ``examples/`` or ``examples.npz``."""

from __future__ import annotations

import zipfile
from functools import lru_cache
from pathlib import Path

import numpy as np

from models.digit import picture
from models.digit.digit import Digit, from_levels
from models.errors import InputError
from models.formats import store
from models.formats.model_input import Input

MOST = 10  # buttons, in two rows
FOLDER, ARRAYS = "examples", "examples.npz"
_NAMES = ("x_test", "x")  # of an array of pictures, as Keras's own data sets have it
_LARGEST = 20_000_000  # bytes of one picture
_MOST_FILES = 200  # that are looked at


def of(model: str) -> tuple[Digit, ...]:
    """At most ``MOST`` pictures as this model takes them; none where there are none to read."""
    return _of(store.folder(model), store.version(model), store.manifest(model).pictures())


@lru_cache(32)
def _of(folder: Path, _version: str, taken: Input) -> tuple[Digit, ...]:
    """An operator who changes examples adds the model anew, or restarts the server."""
    return _pictures(folder / FOLDER, taken) or _arrays(folder / ARRAYS, taken)


def _pictures(folder: Path, taken: Input) -> tuple[Digit, ...]:
    found: list[Digit] = []
    names = sorted(folder.iterdir())[:_MOST_FILES] if folder.is_dir() else []
    for path in names:
        if len(found) == MOST:
            break
        if path.is_file() and path.stat().st_size <= _LARGEST:
            try:
                found.append(picture.from_image(path.read_bytes(), taken))
            except (InputError, OSError):
                continue  # a label file, or a picture that is none: others may be
    return tuple(found)


def _arrays(path: Path, taken: Input) -> tuple[Digit, ...]:
    """The first pictures of the array; those of another size or kind are left."""
    try:
        with np.load(path, allow_pickle=False) as file:
            name = next(each for each in _NAMES if each in file.files)
            given = file[name][:MOST]
    except (OSError, ValueError, StopIteration, EOFError, zipfile.BadZipFile):
        return ()
    if given.dtype.kind == "f" and given.size and 0 <= given.min() <= given.max() <= 1:
        given = np.rint(given * 255).astype(np.uint8)
    values = int(np.prod(taken.picture))
    if given.dtype != np.uint8 or given.ndim < 2 or given[:1].size != values:
        return ()
    return tuple(from_levels(each.tobytes(), taken.picture) for each in given)
