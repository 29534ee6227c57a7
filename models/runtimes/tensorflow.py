"""The server's lanes: each format as one function on a batch of digits."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import InputError, ModelError
from models.formats import manifest as manifests
from models.formats import safety
from models.lanes import TENSORFLOW, Format, Lane, Pixels, Probabilities, Weights
from models.runtimes import layers_model, tf_session, weight_budget
from models.runtimes.process import cpu_threads
from models.runtimes.tf_session import TfSession
from models.storage import plain_files

BATCH = 128  # more at once are no faster, slower on a busy machine, and take more memory
_SMALLEST = 16  # digits worth a call of their own, where a batch is shared among processors
_LOADING = threading.Lock()  # Keras keeps global state while it builds a model


@dataclass(frozen=True, eq=False)
class LoadedLane:
    """A model in memory that can predict; safe to share between threads.

    ``load_ms`` is the time for reading the files and building the function, in milliseconds,
    without importing TensorFlow or predicting. A batch is split among ``at_once`` calls.
    """

    lane: Lane
    classes: int
    load_ms: float
    scale: float
    shape: tuple[int, ...]
    call: Callable[[Pixels], Probabilities]
    at_once: int = 1

    def predict(self, pixels: Pixels) -> Probabilities:
        """Probabilities (n, classes), float32, of digits (n, 28, 28) float32 in [0, 1].

        Raises InputError for pixels of another shape, ModelError when TensorFlow fails.
        """
        if pixels.ndim < 2 or pixels[0].size != math.prod(self.shape):
            raise InputError(
                f"Pixels of shape {pixels.shape} were given to {self.lane}. "
                f"Expected (n, {', '.join(map(str, self.shape[:2]))})."
            )
        batch = np.asarray(pixels, np.float32).reshape(-1, *self.shape)
        if self.scale != 1:
            batch = batch * np.float32(self.scale)
        size = min(BATCH, max(_SMALLEST, -(-len(batch) // self.at_once)))
        pieces = [batch[start : start + size] for start in range(0, len(batch), size)]
        try:
            parts = cpu_threads.run_all(self.call, pieces, self.at_once)
        except Exception as error:  # the runtimes' errors share no other base
            raise ModelError(f"{self.lane} could not predict: {_first_line(error)}") from error
        return np.concatenate(parts) if len(parts) > 1 else parts[0]


def check() -> None:
    """Import TensorFlow and its Keras. Raises ModelError where one is not installed."""
    try:
        import tensorflow  # noqa: F401
        import tf_keras  # noqa: F401
    except ModuleNotFoundError as error:
        raise ModelError(
            f"The package {error.name} is not installed here, so nothing can run on TensorFlow."
        ) from error


def load(folder: Path, form: Format, weights: Weights = "float32") -> LoadedLane:
    """Load one format of the model in ``folder`` for TensorFlow.

    Raises ModelError when the format is missing, cannot be read, or does not map a batch of digits
    to one row of probabilities for each, and where TensorFlow is not installed.
    """
    manifest = manifests.read(folder)
    path = folder / manifest.path(form, weights)
    build = {"keras": _keras, "layers": _layers, "graph": _graph}[form]
    check()  # before the clock starts: its import takes time once per process
    import tensorflow as tf

    shape = manifest.input.shape
    spec = tf.TensorSpec((None, *shape), tf.float32)
    with _LOADING:
        start = time.perf_counter()
        loaded = build(path, spec)
        load_ms = (time.perf_counter() - start) * 1e3
    if loaded.output.shape.rank != 2:
        raise ModelError(f"{path} gives {loaded.output}. Expected one tensor (batch, classes).")
    return LoadedLane(
        lane=Lane(form, TENSORFLOW, weights),
        classes=int(loaded.output.shape[-1] or len(manifest.classes)),
        load_ms=load_ms,
        scale=manifest.input.scale,
        shape=shape,
        call=loaded.call,
        at_once=cpu_threads.count(),
    )


def keras_model(path: Path) -> Any:
    """The tf_keras model of an .h5, a .keras or a SavedModel. Raises ModelError when it may not or
    cannot be loaded.
    """
    looked = safety.check(path)
    import tf_keras

    try:
        with weight_budget.of(looked.values, tf_keras):
            return tf_keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # h5py, protobuf and Keras raise many kinds
        why = plain_files.line(error)
        raise ModelError(f"{path} cannot be loaded by tf_keras: {why}") from error


def _keras(path: Path, spec: Any) -> TfSession:
    return _inference(keras_model(path), spec, path)


def _layers(path: Path, spec: Any) -> TfSession:
    return _inference(layers_model.read(path), spec, path)


def _inference(model: Any, spec: Any, path: Path) -> TfSession:
    import tensorflow as tf

    infer = tf.function(lambda pixels: model(pixels, training=False), input_signature=[spec])
    try:
        concrete = infer.get_concrete_function()
        if not isinstance(output := concrete.structured_outputs, tf.Tensor):
            raise ModelError(f"{path} gives {output}. Expected one tensor (batch, classes).")
        return tf_session.start(*tf_session.frozen(concrete), spec)
    except (ValueError, TypeError, tf.errors.OpError) as error:
        raise ModelError(f"{path} does not take a batch of shape {spec.shape}: {error}") from error


def _graph(path: Path, spec: Any) -> TfSession:

    from models.formats import graph_model

    graph = graph_model.read(path)
    if len(graph.inputs) != 1 or len(graph.outputs) != 1:
        raise ModelError(
            f"The graph model {path} has inputs {graph.inputs} and outputs {graph.outputs}. "
            "Expected one of each."
        )
    try:
        return tf_session.start(graph.definition, graph.inputs[0], graph.outputs[0], spec)
    except Exception as error:  # TensorFlow raises many kinds for a graph that is none
        lacking = _lacking(graph.definition)
        reason = f"it has no operation {', '.join(lacking)}." if lacking else _first_line(error)
        raise ModelError(
            f"TensorFlow cannot run the graph model {path}: {reason} "
            "TensorFlow.js, for which it was converted, may well."
        ) from error


def _lacking(definition: Any) -> list[str]:
    """The operations of a tensorflow.GraphDef that TensorFlow does not have."""
    import tensorflow as tf

    # An underscore begins those of TensorFlow's own optimiser, which are not listed.
    kinds = sorted({node.op for node in definition.node if not node.op.startswith("_")})
    return [kind for kind in kinds if not hasattr(tf.raw_ops, kind)]


def _first_line(error: Exception) -> str:
    """What TensorFlow says, without where in its own graph that was, as a sentence."""
    line = str(error).strip().partition("\n")[0].rstrip(" .")
    return f"{line or type(error).__name__}."
