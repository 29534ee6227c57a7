"""A model that Keras 2 saved, in tf_keras."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.formats import safety
from models.runtimes import saved_model
from models.runtimes.keras import channels_first, weight_budget
from models.storage import plain_files

_IN_GRAPHS = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*")  # what TensorFlow calls a scope


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
        if not _IN_GRAPHS.fullmatch(model.name):
            raise ModelError(_misnamed(path, model.name))
        return channels_first.made_to_run(model)
    except ModelError:
        raise
    except Exception as error:  # h5py, protobuf and Keras raise many kinds
        why = plain_files.line(error)
        raise ModelError(f"{path} cannot be loaded by tf_keras: {why}") from error


def _misnamed(path: Path, name: str) -> str:
    return (
        f"{path} is a model that is named {plain_files.shown(name)}, which TensorFlow, and so the "
        "official converter, cannot make a graph of. Load it, set model._name to letters, digits "
        "and underscores, and save it again."
    )
