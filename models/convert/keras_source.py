"""Reads a trained model from disk: as it is, and as a tf_keras model that can be converted.

A model with code of its own, such as a Lambda layer, is refused before that code could run.
"""

from __future__ import annotations

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
from models.formats import safety
from models.formats.architecture import stored
from models.formats.manifest import Manifest
from models.formats.store import EXAMPLES
from models.lanes import Pixels
from models.runtimes import tensorflow

SHAPE = (28, 28, 1)
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
    if safety.check(path).format != "keras":
        raise ModelError(
            f"{path} is already converted. Give what is converted as --graph DIR and --layers DIR."
        )
    if stored.read(path).version.partition(".")[0] not in ("", "1", "2"):
        return _of_keras_3(path, scale, digits)
    model = tensorflow.keras_model(path)
    _check(model, path, (SHAPE,))
    return Source(path, model)


def _of_keras_3(path: Path, scale: float, digits: Pixels | None) -> Source:
    from models.convert import keras3
    from models.runtimes import keras3 as runtime

    if digits is None:
        digits = dataset.read(EXAMPLES.name, EXAMPLES).pixels(0, COMPARED)
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
