"""Loads a trained model from disk as a tf_keras model that the converter can convert.

A model with code of its own, such as a Lambda layer, is refused before that code could run.
"""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

from models.errors import ModelError

SHAPE = (28, 28, 1)
_CODE = re.compile(rb'"class_name"\s*:\s*"(Lambda|TFOpLambda|SlicingOpLambda)"')


def load(path: Path) -> Any:
    """Load the classifier at ``path``: an .h5, a .keras file or a SavedModel of Keras.

    A file of Keras 3 is rebuilt in tf_keras. Raises ModelError, which says what to do, for anything
    that is no model, contains code, or does not map (batch, 28, 28, 1) to (batch, classes).
    """
    if not path.exists():
        raise ModelError(f"There is nothing at {path}. Expected a model: an .h5, .keras or folder.")
    described, version = _described(path)
    refuse_code(described, path)
    if int(version.partition(".")[0]) >= 3:
        from models.convert import keras3

        model = keras3.rebuild(path)
    else:
        model = _tf_keras(path)
    _check(model, path)
    return model


def refuse_code(described: bytes, path: Path) -> None:
    """Raise ModelError when a model's description has a layer that consists of code."""
    if layer := _CODE.search(described):
        raise ModelError(
            f"{path} has a {layer[1].decode()} layer: Python code, which TensorFlow.js cannot run, "
            "and which is not run here either. Build the model from Keras's own layers (Rescaling, "
            "Reshape, Add, Multiply, …), load the weights into it and save that."
        )


def _described(path: Path) -> tuple[bytes, str]:
    """A model's own description, and the version of Keras that wrote it."""
    if path.is_dir():
        return _of_folder(path)
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                metadata = json.loads(archive.read("metadata.json"))
                return archive.read("config.json"), str(metadata["keras_version"])
        return _of_h5(path)
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"{path} is no model that Keras saved ({error}). Expected an .h5, a .keras file or a "
            "SavedModel's folder."
        ) from error


def _of_h5(path: Path) -> tuple[bytes, str]:
    import h5py

    with h5py.File(path) as file:
        if "model_config" not in file.attrs:
            raise ModelError(
                f"{path} holds weights without a model. Build the model, load the weights into it "
                "and save it whole: model.save('model.h5')."
            )
        config, version = file.attrs["model_config"], file.attrs.get("keras_version", "2")
    return config.encode() if isinstance(config, str) else bytes(config), str(version)


def _of_folder(path: Path) -> tuple[bytes, str]:
    if (path / "model.json").is_file():
        raise ModelError(
            f"{path} is already converted. Give what is converted as --graph DIR and --layers DIR."
        )
    metadata = path / "keras_metadata.pb"
    if not metadata.is_file():
        raise ModelError(
            f"{path} does not say which layers it has, so it cannot become a layers model. "
            "Expected a SavedModel of tf_keras, with keras_metadata.pb. Save the model itself, "
            "model.save('model.keras'), and give that file."
        )
    return metadata.read_bytes(), "2"


def _tf_keras(path: Path) -> Any:
    import tf_keras

    try:
        return tf_keras.models.load_model(path, compile=False)
    except Exception as error:  # h5py, protobuf and Keras raise many kinds
        raise ModelError(f"{path} cannot be loaded by tf_keras: {error}") from error


def _check(model: Any, path: Path) -> None:
    for side, tensors in (("input", model.inputs), ("output", model.outputs)):
        if len(tensors) != 1:
            names = ", ".join(f"{each.name} {tuple(each.shape)}" for each in tensors)
            raise ModelError(f"{path} has {len(tensors)} {side}s: {names}. Expected one {side}.")
    takes, gives = tuple(model.inputs[0].shape), tuple(model.outputs[0].shape)
    if takes == (None, *SHAPE) and len(gives) == 2 and gives[1]:
        return
    hint = ""
    if takes in ((None, 28, 28), (None, 784)):
        hint = (
            f" Put in front what makes {takes[1:]} of a picture: tf_keras.Sequential([Input"
            f"({SHAPE}), Reshape({takes[1:]}), model])."
        )
    raise ModelError(
        f"{path} maps {takes} to {gives}. Expected (None, 28, 28, 1) to (None, n).{hint}"
    )
