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
    return _of(store.folder(model), store.version(model))


@lru_cache(32)
def _of(folder: Path, _version: str) -> tuple[Digit, ...]:
    """An operator who changes examples adds the model anew, or restarts the server."""
    found = own_examples.read(folder, manifests.read(folder), MOST)
    return tuple(found.digit(index) for index in range(len(found))) if found is not None else ()
