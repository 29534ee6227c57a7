"""TensorFlow without what comes along with it and nothing here uses.

TensorFlow and tf_keras import JAX, Keras 3 and pandas where they are installed, and do without them
where they are not. The converter's package imports all its converters, those of JAX and of decision
forests too, for whoever only reads its files. Together that is a quarter of the time in which
TensorFlow's process starts, and a fifth of its memory.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from typing import Any, cast

_UNUSED = ("jax", "pandas")
_PACKAGES = ("tensorflowjs", "tensorflowjs.converters")


def begin() -> None:
    """Leave all that out in this process. To be called before TensorFlow is imported."""
    os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
    for name in _UNUSED:
        # Python's way to say that a module cannot be imported.
        cast(dict[str, Any], sys.modules).setdefault(name, None)
    for name in _PACKAGES:
        _without_init(name)


def _without_init(name: str) -> None:
    """Let the package's modules be imported, but not what its ``__init__.py`` imports."""
    spec = importlib.util.find_spec(name)
    if spec is not None and name not in sys.modules:
        sys.modules[name] = importlib.util.module_from_spec(spec)
