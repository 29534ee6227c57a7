"""What the package @tensorflow/tfjs-layers 4.22 registers, by the names that Keras stores.

A test compares the list with the installed package. Activations are in Keras's spelling, which
TensorFlow.js turns into hardSigmoid and logSoftmax; its gelu_new it looks for as geluNew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_STORED = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
LAYERS: frozenset[str] = frozenset(_STORED["layers"])
ACTIVATIONS: frozenset[str] = frozenset(_STORED["activations"])
TRAINING: frozenset[str] = frozenset(_STORED["training"])  # initializers, regularizers, constraints

_OF_TRAINING = ("_initializer", "_regularizer", "_constraint")


def refused_training(config: Mapping[str, Any]) -> Iterator[str]:
    """The settings of a layer that matter in training only and name a class that is not there."""
    for key, value in config.items():
        kind = value.get("class_name") if isinstance(value, Mapping) else None
        if key.endswith(_OF_TRAINING) and isinstance(kind, str) and kind not in TRAINING:
            yield key
