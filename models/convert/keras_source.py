"""Reads a trained model from disk: as it is, and as a tf_keras model that can be converted.

A model with code of its own, such as a Lambda layer, is refused before that code could run.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

from models.convert import chosen, keras_tensors
from models.convert.chosen import Choose
from models.convert.guess.taken import Taken
from models.convert.rebuild.keras3 import RebuildError
from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import safety
from models.formats.architecture import stored
from models.formats.manifest import Manifest
from models.formats.tensors import Tensor
from models.runtimes.keras import keras2


@dataclass(frozen=True, eq=False)
class Source:
    """A model of any inputs and outputs as a tf_keras ``model``; one of Keras 3 is a rebuild.

    ``gives`` are its outputs, by the names that conversion keeps. ``original`` is, for one of Keras
    3, the file in ``path`` under the name that Keras 3 loads it by, else "", and ``changes`` says
    what the rebuild does that the original does not.
    """

    path: Path
    model: Any
    taken: Taken
    gives: tuple[Tensor, ...]
    original: str = ""
    changes: tuple[str, ...] = ()

    @property
    def classes(self) -> int:
        """How many values its first output has, 0 where that is no row of numbers."""
        return chosen.classes(self.gives)

    def save(self, folder: Path, name: str) -> None:
        """Save the model in ``folder`` as the .h5 ``name``, and what Keras 3 saved beside it."""
        self.model.save(folder / name)
        if self.original:
            shutil.copyfile(self.path, folder / self.original)

    def described(self, manifest: Manifest, folder: Path) -> Manifest:
        """``manifest`` of ``folder``, with what is known of the original."""
        known = self.taken.described(manifest, self.gives)
        if not self.original:
            return known
        whole = manifests.with_original(known, folder, self.original)
        versions = {**whole.versions, "keras": installed("keras")}
        return replace(whole, versions=versions, changes=self.changes)


def load(path: Path, *, choose: Choose | None = None) -> Source:
    """Load the model at ``path``: an .h5, a .keras file or a SavedModel of Keras.

    ``choose`` says what its inputs are once they are known, those of a model of digits unless
    given. A file of Keras 3 is rebuilt in tf_keras and compared with the original on examples of
    these. Raises ModelError, which says what to do, for anything that is no model, contains code,
    takes or gives something else than dense numbers, or has a layer that tf_keras computes
    otherwise.
    """
    choose = choose or chosen.digits()
    if not path.exists():
        raise ModelError(f"There is nothing at {path}. Expected a model: an .h5, .keras or folder.")
    if safety.check(path).format != "keras":
        raise ModelError(
            f"{path} is already converted. Give what is converted as --graph DIR and --layers DIR."
        )
    if stored.read(path).version.partition(".")[0] not in ("", "1", "2"):
        return _of_keras_3(path, choose)
    model = keras2.read(path)
    gives = keras_tensors.gives(model, path)
    return Source(path, model, choose(keras_tensors.takes(model, path), gives), gives)


@contextlib.contextmanager
def exported(error: RebuildError, name: str) -> Iterator[Path]:
    """The SavedModel ``name`` that Keras 3 exports of the model that ``error`` is about, until the
    block ends: a graph without layers. Raises ``error`` where it does not.
    """
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        folder = Path(temporary).resolve() / name
        try:
            error.original.export(str(folder), verbose=False)
        except Exception as why:  # Keras and TensorFlow raise many kinds
            raise error from why
        yield folder


def _of_keras_3(path: Path, choose: Choose) -> Source:
    from models.convert.rebuild import keras3
    from models.runtimes.keras import keras3 as runtime

    # Keras 3 goes by the name's end, not by what is in the file.
    kind = ".keras" if zipfile.is_zipfile(path) else ".h5"
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        named = path
        if path.suffix != kind:
            named = Path(temporary) / f"model{kind}"
            shutil.copyfile(path, named)
        original = runtime.read(named)
    taken = choose(keras_tensors.takes(original, path), keras_tensors.gives(original, path))
    rebuilt = keras3.rebuild(path, original, taken.tensors, taken.examples())
    names = zip(taken.tensors, rebuilt.model.input_names, strict=True)
    taken = replace(taken, tensors=tuple(replace(each, name=name) for each, name in names))
    gives = keras_tensors.gives(rebuilt.model, path)
    return Source(path, rebuilt.model, taken, gives, f"original{kind}", rebuilt.changes)
