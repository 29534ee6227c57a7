"""What the package @tensorflow/tfjs-layers 4.22 registers, by the names that Keras stores.

A test compares the list with the installed package. Activations are in Keras's spelling, which
TensorFlow.js turns into hardSigmoid and logSoftmax; its gelu_new it looks for as geluNew.
"""

from __future__ import annotations

import json
from pathlib import Path

_STORED = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
LAYERS: frozenset[str] = frozenset(_STORED["layers"])
ACTIVATIONS: frozenset[str] = frozenset(_STORED["activations"])
