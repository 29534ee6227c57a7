"""The Inspect page's tables."""

from __future__ import annotations

import numpy as np

from app.inspect.results import tables
from app.inspect.run import pairing


def test_shapes_are_for_one_picture():
    layers = pairing("mnist", "layers", "float32").reference
    outputs = {"conv1": np.zeros((1, 28, 28, 16)).shape, "unknown": (1, 2)}
    assert tables.shapes(outputs, layers) == {"conv1": "28×28×16"}
