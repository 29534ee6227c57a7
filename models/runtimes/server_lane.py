"""Any lane of the server: which runtime loads it, and what that runtime is called."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from models.lanes import KERAS3, LITERT, TENSORFLOW, Lane
from models.runtimes import keras3, litert, tensorflow
from models.runtimes.tensorflow import LoadedLane


def load(folder: Path, lane: Lane) -> LoadedLane:
    """Load a lane of the model in ``folder``. Raises ModelError when that cannot be done."""
    if lane.runtime == KERAS3:
        return keras3.load(folder)
    if lane.runtime == LITERT:
        return litert.load(folder)
    return tensorflow.load(folder, lane.format, lane.weights)


def described(lane: Lane) -> str:
    """A reference, and the package that answers: ``keras @ keras3 (Keras 3.15.1)``."""
    if lane.runtime == KERAS3:
        return f"{lane} (Keras {version('keras')})"
    if lane.runtime == TENSORFLOW and lane.format != "graph":
        return f"{lane} (tf_keras {version('tf_keras')})"
    return str(lane)
