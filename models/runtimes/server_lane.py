"""Any lane of the server: which runtime loads it, and what that runtime is called."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from models.formats.manifest import Manifest
from models.lanes import KERAS3, LITERT, Lane
from models.runtimes import keras3, litert, tensorflow
from models.runtimes.loaded_lane import LoadedLane


def load(folder: Path, lane: Lane) -> LoadedLane:
    """Load a lane of the model in ``folder``. Raises ModelError when that cannot be done."""
    if lane.runtime == KERAS3:
        return keras3.load(folder)
    if lane.runtime == LITERT:
        return litert.load(folder)
    return tensorflow.load(folder, lane.format, lane.weights)


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
