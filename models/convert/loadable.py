"""What our conversion changes of the official converter's, so that TensorFlow.js takes it.

Each change is a sentence, as what the converter alone makes is what most people ship.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.formats.architecture import reader
from models.parity.known_limits import tfjs_classes

LEFT_OUT = (
    "The layers model lacks fields for training that the official converter writes and "
    "TensorFlow.js refuses: what the converter alone makes does not load there."
)
WITHOUT_ONEDNN = (
    "The graph model was converted without oneDNN, with which the official converter fuses "
    "operations that TensorFlow.js does not run: set TF_ENABLE_ONEDNN_OPTS=0 where you convert "
    "yourself."
)
# TensorFlow.js refuses a separable convolution with these.
_REFUSED = {"kernel_initializer", "kernel_regularizer", "kernel_constraint"}
_WRAPPED = ("layer", "backward_layer")  # by TimeDistributed and Bidirectional
# What it computes with a product or convolution in one step.
_FUSED = {"BiasAdd", "FusedBatchNorm", "NoOp"} | {
    *("Linear", "Relu", "Relu6", "Elu", "Prelu", "LeakyRelu", "Sigmoid")
}
_MADE_BY_OPTIMISER = "Unsupported Ops in the model after optimization"


def is_fused_too_far(path: Path) -> bool:
    """Whether the graph in model.json fuses what TensorFlow.js does not."""
    fused = (each.settings.get("fused_ops") or () for each in reader.read(path).operations)
    return any(set(map(str, each)) - _FUSED for each in fused)


def is_refused_for_fusing(message: str) -> bool:
    """Whether the converter, which says this, refuses what its own optimiser made."""
    return _MADE_BY_OPTIMISER in message


def tidy(path: Path) -> str:
    """Make a converted model.json reproducible and loadable; what was changed, "" if nothing.

    The converter writes keys in random order; sorted, equal models give equal files. tf_keras also
    writes fields of a separable convolution that TensorFlow.js refuses to load, and initializers,
    regularizers and constraints that it does not have. All of these matter in training only.
    """
    content = json.loads(path.read_text("utf-8"))
    changed = ""
    for layer in _layers(content["modelTopology"].get("model_config")):
        config = layer["config"]
        refused = set(tfjs_classes.refused_training(config))
        if layer["class_name"].startswith("SeparableConv"):
            refused |= _REFUSED & config.keys()
        for name in refused:
            changed = LEFT_OUT
            del config[name]
    path.write_text(json.dumps(content, sort_keys=True, separators=(",", ":")), "utf-8")
    return changed


def _layers(model: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    """Every layer of a stored model, including those of nested models and in wrappers."""
    config = (model or {}).get("config", {})
    wrapped = (config.get(each) for each in _WRAPPED)
    for layer in [*config.get("layers", ()), *filter(None, wrapped)]:
        yield layer
        yield from _layers(layer)
