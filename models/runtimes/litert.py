"""LiteRT on the original Keras model: a yardstick of what the processor can do.

It is not one of the conversions under test; it shows how much of a lane's time is its runtime's.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats.tensors import Tensors
from models.lanes import YARDSTICK
from models.runtimes.keras import keras2
from models.runtimes.loaded_lane import LoadedLane


def load(folder: Path) -> LoadedLane:
    """Convert the .h5 of the model in ``folder`` in memory and load it for all processors.

    ``load_ms`` includes the conversion. Raises ModelError when the model cannot be read or
    converted.
    """
    manifest = manifests.read(folder)
    path = folder / manifest.path("keras")
    import tensorflow as tf
    from ai_edge_litert.interpreter import Interpreter

    start = time.perf_counter()
    try:
        model = keras2.read(path)
        content = tf.lite.TFLiteConverter.from_keras_model(model).convert()
        batches = _Batches(Interpreter(model_content=content, num_threads=os.cpu_count()))
    except Exception as error:  # h5py, Keras and the converter raise many kinds
        raise ModelError(f"LiteRT cannot run the Keras model {path}: {error}") from error
    load_ms = (time.perf_counter() - start) * 1e3
    count = len(manifest.classes)
    return LoadedLane(YARDSTICK, manifest.takes, count, load_ms, batches, manifest.input)


class _Batches:
    """An interpreter as a function on batches: one batch size and one caller at a time."""

    def __init__(self, interpreter: Any) -> None:
        self._interpreter = interpreter
        self._lock = threading.Lock()
        self._input = interpreter.get_input_details()[0]["index"]
        self._output = interpreter.get_output_details()[0]["index"]
        self._shape: tuple[int, ...] | None = None

    def __call__(self, tensors: Tensors) -> Tensors:
        (batch,) = tensors
        with self._lock:
            if batch.shape != self._shape:
                self._interpreter.resize_tensor_input(self._input, batch.shape)
                self._interpreter.allocate_tensors()
                self._shape = batch.shape
            self._interpreter.set_tensor(self._input, batch)
            self._interpreter.invoke()
            answer = self._interpreter.get_tensor(self._output)
            return (answer,)
