"""Imports TensorFlow without packages that nothing here uses.

TensorFlow and tf_keras import JAX, Keras 3 and pandas when they are installed, and work without
them. The converter's package imports all its converters, those for JAX and for decision forests
too, even to read a file. Together these take a quarter of the start-up time of TensorFlow's process
and a fifth of its memory.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from typing import Any, cast

_UNUSED = ("jax", "pandas")
_PACKAGES = ("tensorflowjs", "tensorflowjs.converters")


def begin() -> None:
    """Skip those imports in this process. Call this before TensorFlow is imported."""
    os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
    for name in _UNUSED:
        # Python's way to say that a module cannot be imported.
        cast(dict[str, Any], sys.modules).setdefault(name, None)
    for name in _PACKAGES:
        _without_init(name)


def _without_init(name: str) -> None:
    """Make the package's modules importable without running its ``__init__.py``."""
    spec = importlib.util.find_spec(name)
    if spec is not None and name not in sys.modules:
        sys.modules[name] = importlib.util.module_from_spec(spec)
