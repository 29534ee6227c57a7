"""The pictures that the operator put beside a model: ``examples/`` or ``examples.npz``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from models.dataset import own_examples
from models.digit.digit import Digit
from models.formats import manifest as manifests
from models.formats import store

MOST = 10  # buttons, in two rows


def of(model: str) -> tuple[Digit, ...]:
    """At most ``MOST`` pictures as this model takes them; none where there are none to read."""
    try:
        return _of(store.folder(model), store.version(model))
    except _UnreadError:
        return ()


class _UnreadError(Exception):
    """Examples that are there could not be read: there may be no room for a moment."""


@lru_cache(32)
def _of(folder: Path, _version: str) -> tuple[Digit, ...]:
    """An operator who changes examples adds the model anew, or restarts the server. Raises
    _UnreadError, which is not kept, where none of those that are there could be read.
    """
    found = own_examples.read(folder, manifests.read(folder), MOST)
    if found is None:
        return ()
    if not len(found) and found.skipped:
        raise _UnreadError
    return tuple(found.digit(index) for index in range(len(found)))
