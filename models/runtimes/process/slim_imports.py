"""Imports TensorFlow without packages that nothing here uses.

TensorFlow and tf_keras import JAX, Keras 3 and pandas when they are installed, and work without
them. Together these take a fifth of the start-up time of TensorFlow's process and an eighth of its
memory, with the locked packages, which have no JAX; a quarter with it.
"""

from __future__ import annotations

import os
import sys
from typing import Any, cast

_UNUSED = ("jax", "pandas")


def begin() -> None:
    """Skip those imports in this process. Call this before TensorFlow is imported."""
    os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
    for name in _UNUSED:
        # Python's way to say that a module cannot be imported.
        cast(dict[str, Any], sys.modules).setdefault(name, None)
