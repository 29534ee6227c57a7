"""Reads a trained model from disk: as it is, and as a tf_keras model that can be converted.

A model with code of its own, such as a Lambda layer, is refused before that code could run.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import zipfile
from dataclasses import dataclass, replace
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

import numpy as np

from models import dataset
from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats.architecture import saved_model, tensorflow_functions
from models.formats.manifest import Manifest
from models.formats.store import EXAMPLES
from models.lanes import Pixels

SHAPE = (28, 28, 1)
_CODE = re.compile(rb'"class_name"\s*:\s*"(Lambda)"')


COMPARED = 64  # digits: what a layer does to some it does to all


@dataclass(frozen=True, eq=False)
class Source:
    """A classifier as a tf_keras ``model``; for one of Keras 3 that is a rebuild.

    ``original`` is then the file in ``path`` under the name that Keras 3 loads it by, else "", and
    ``changes`` says what the rebuild does that the original does not.
    """

    path: Path
    model: Any
    original: str = ""
    changes: tuple[str, ...] = ()

    @property
    def classes(self) -> int:
        """The number of its classes."""
        return int(self.model.output_shape[1])

    def save(self, folder: Path, name: str) -> None:
        """Save the model in ``folder`` as the .h5 ``name``, and what Keras 3 saved beside it."""
        self.model.save(folder / name)
        if self.original:
            shutil.copyfile(self.path, folder / self.original)

    def described(self, manifest: Manifest, folder: Path) -> Manifest:
        """``manifest`` of ``folder``, with what is known of the original."""
        if not self.original:
            return manifest
        whole = manifests.with_original(manifest, folder, self.original)
        versions = {**whole.versions, "keras": installed("keras")}
        return replace(whole, versions=versions, changes=self.changes)


def load(path: Path, *, scale: float = 1.0, digits: Pixels | None = None) -> Source:
    """Load the classifier at ``path``: an .h5, a .keras file or a SavedModel of Keras.

    A file of Keras 3 is rebuilt in tf_keras and compared with the original on ``digits``
    (n, 28, 28) in [0, 1], which the model takes multiplied by ``scale``; the examples unless given.
    Raises ModelError, which says what to do, for anything that is no model, contains code, does not
    map (batch, 28, 28, 1) to (batch, classes), or has a layer that tf_keras computes otherwise.
    """
    if not path.exists():
        raise ModelError(f"There is nothing at {path}. Expected a model: an .h5, .keras or folder.")
    described, version = _described(path)
    refuse_code(described, path)
    if int(version.partition(".")[0]) >= 3:
        return _of_keras_3(path, scale, digits)
    model = _tf_keras(path)
    _check(model, path, (SHAPE,))
    return Source(path, model)


def _of_keras_3(path: Path, scale: float, digits: Pixels | None) -> Source:
    from models.convert import keras3
    from models.runtimes import keras3 as runtime

    if digits is None:
        digits = dataset.read_path(EXAMPLES).pixels(0, COMPARED)
    # Keras 3 goes by the name's end, not by what is in the file.
    kind = ".keras" if zipfile.is_zipfile(path) else ".h5"
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        named = path
        if path.suffix != kind:
            named = Path(temporary) / f"model{kind}"
            shutil.copyfile(path, named)
        original = runtime.read(named)
    _check(original, path, (SHAPE, SHAPE[:2], (784,)))
    rebuilt = keras3.rebuild(path, original, SHAPE, digits[:COMPARED] * np.float32(scale))
    return Source(path, rebuilt.model, f"original{kind}", rebuilt.changes)


def refuse_code(described: bytes, path: Path) -> None:
    """Raise ModelError when a model's description has a layer that consists of code, or names a
    function of TensorFlow that does more than compute with tensors.
    """
    if layer := _CODE.search(described):
        raise ModelError(
            f"{path} has a {layer[1].decode()} layer: Python code, which TensorFlow.js cannot run, "
            "and which is not run here either. Build the model from Keras's own layers (Rescaling, "
            "Reshape, Add, Multiply, …), load the weights into it and save that."
        )
    tensorflow_functions.refuse_others(_values(described), path)


def _values(described: bytes) -> Any:
    """A description as JSON values; that of a SavedModel is protobuf with JSON inside."""
    try:
        return json.loads(described)
    except ValueError:
        return [json.loads(text) for text in saved_model.texts(described)]


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


def _check(model: Any, path: Path, shapes: tuple[tuple[int, ...], ...]) -> None:
    for side, tensors in (("input", model.inputs), ("output", model.outputs)):
        if len(tensors) != 1:
            names = ", ".join(f"{each.name} {tuple(each.shape)}" for each in tensors)
            raise ModelError(f"{path} has {len(tensors)} {side}s: {names}. Expected one {side}.")
    takes, gives = tuple(model.inputs[0].shape), tuple(model.outputs[0].shape)
    if takes[1:] in shapes and len(gives) == 2 and gives[1]:
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
