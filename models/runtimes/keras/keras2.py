"""A model that Keras 2 saved, in tf_keras."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.formats import safety
from models.runtimes import saved_model
from models.runtimes.keras import channels_first, weight_budget
from models.storage import plain_files


def read(path: Path) -> Any:
    """The tf_keras model of an .h5, a .keras or a SavedModel. Raises ModelError when it may not or
    cannot be loaded.
    """
    looked = safety.check(path)
    if saved_model.is_exported(path):
        raise ModelError(f"{path} was exported: it has a graph, and no layers to load.")
    import tf_keras

    try:
        with weight_budget.of(looked.values, tf_keras):
            model = tf_keras.models.load_model(path, compile=False, safe_mode=True)
        return channels_first.made_to_run(model)
    except Exception as error:  # h5py, protobuf and Keras raise many kinds
        why = plain_files.line(error)
        raise ModelError(f"{path} cannot be loaded by tf_keras: {why}") from error
