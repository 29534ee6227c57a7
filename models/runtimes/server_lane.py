"""Any lane of the server: which runtime loads it, and what that runtime is called."""

from __future__ import annotations

import time
from importlib.metadata import version
from pathlib import Path

from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats.manifest import Manifest
from models.lanes import KERAS3, LITERT, Lane
from models.runtimes import litert, tensorflow
from models.runtimes.keras import keras3
from models.runtimes.loaded_lane import LoadedLane


def load(folder: Path, lane: Lane) -> LoadedLane:
    """Load a lane of the model in ``folder``. Raises ModelError when that cannot be done."""
    if lane.runtime == KERAS3:
        return _in_keras3(folder)
    if lane.runtime == LITERT:
        return litert.load(folder)
    return tensorflow.load(folder, lane.format, lane.weights)


def _in_keras3(folder: Path) -> LoadedLane:
    """What Keras 3 saved of the model in ``folder``. Raises ModelError."""
    manifest = manifests.read(folder)
    if not manifest.original:
        raise ModelError(f"Model {manifest.name!r} has no file of Keras 3.")
    path = folder / manifest.original
    tensorflow.check()
    keras3.package()  # before the clock starts: this takes time once per process
    start = time.perf_counter()
    loaded = tensorflow.inference(keras3.read(path), manifest.takes, path, as_written=True)
    load_ms = (time.perf_counter() - start) * 1e3
    return tensorflow.loaded_lane(Lane("keras", KERAS3), manifest, loaded, load_ms)


def answered_by(lane: Lane, manifest: Manifest | None = None) -> str:
    """The package that answers on a lane of the server, with its version. Without the model's
    manifest an original is one that Keras saved.
    """
    if lane.runtime == KERAS3:
        return f"Keras {version('keras')}"
    exported = manifest is not None and manifest.exported and lane.format == "keras"
    of_tensorflow = exported or lane.format == "graph"
    package, name = ("tensorflow", "TensorFlow") if of_tensorflow else ("tf_keras",) * 2
    return f"{name} {version(package)}"


def described(lane: Lane, manifest: Manifest | None = None) -> str:
    """A lane of the server, and what answers: ``keras @ keras3 (Keras 3.15.1)``."""
    return f"{lane} ({answered_by(lane, manifest)})"
