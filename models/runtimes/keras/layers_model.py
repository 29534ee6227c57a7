"""A layers model of TensorFlow.js → a tf_keras model that TensorFlow can run.

It gives what the official loader gives, without the converter's package, which a server that only
shows models does not have.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from models.errors import ModelError
from models.formats import safety
from models.formats.architecture import stored as stored_files
from models.formats.model_json import Weight, read_weights
from models.runtimes.keras import channels_first, weight_budget
from models.storage import plain_files


def read(path: Path) -> Any:
    """The tf_keras model of a layers model's ``model.json``. Raises ModelError when it may not or
    cannot be loaded.
    """
    looked = safety.check(path)
    import tf_keras

    try:
        stored = stored_files.of_json(path)
        if stored.format != "layers":
            raise ValueError("it holds no layers; is it a graph model?")
        weights = read_weights((stored.whole or {})["weightsManifest"], path.parent)
        with weight_budget.of(looked.values, tf_keras):
            model = tf_keras.models.model_from_json(json.dumps(stored.model))
        model.set_weights([_value(weights, each) for each in model.weights])
    except Exception as error:  # Keras raises many kinds
        reason = f"{type(error).__name__}: {plain_files.line(error)}"
        raise ModelError(f"The layers model {path} cannot be read ({reason}).") from error
    return channels_first.made_to_run(model)


def _value(weights: Mapping[str, Weight], variable: Any) -> NDArray[Any]:
    """What the files hold for a variable. Raises ValueError when they do not."""
    name = str(variable.name).removesuffix(":0")
    weight = weights.get(name) or weights.get(_without_cell(name))
    if weight is None:
        raise ValueError(f"the weights of {name} are missing")
    if weight.value.shape != tuple(variable.shape):
        raise ValueError(
            f"the weights of {name} have the shape {weight.value.shape}, "
            f"the layer takes {tuple(variable.shape)}"
        )
    return weight.value


def _without_cell(name: str) -> str:
    """``lstm/kernel`` for ``lstm/lstm_cell/kernel``: Keras before 2.4 named no cells."""
    *outer, last = name.split("/")
    return "/".join([*outer[:-1], last])
