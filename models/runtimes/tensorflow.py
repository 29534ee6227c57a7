"""The server's lanes: each format as one function on a batch of inputs."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats.manifest import Manifest
from models.formats.tensors import Tensor
from models.lanes import TENSORFLOW, Format, Lane, Weights
from models.runtimes import saved_model, tf_session
from models.runtimes.keras import calling, keras2, layers_model
from models.runtimes.loaded_lane import LoadedLane, first_line
from models.runtimes.process import cpu_threads
from models.runtimes.tf_session import TfSession

_LOADING = threading.Lock()  # Keras keeps global state while it builds a model


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

    Raises ModelError when the format is missing, cannot be read, or does not take what
    its manifest says, and where TensorFlow is not installed.
    """
    manifest = manifests.read(folder)
    path = folder / manifest.path(form, weights)
    build = {"keras": _keras, "layers": _layers, "graph": _graph}[form]
    check()  # before the clock starts: its import takes time once per process
    with _LOADING:
        start = time.perf_counter()
        loaded = build(path, manifest)
        load_ms = (time.perf_counter() - start) * 1e3
    return loaded_lane(Lane(form, TENSORFLOW, weights), manifest, loaded, load_ms)


def loaded_lane(lane: Lane, manifest: Manifest, loaded: TfSession, load_ms: float) -> LoadedLane:
    """The lane of what TensorFlow loaded, which took so many milliseconds."""
    first = loaded.outputs[0].shape[1:]
    return LoadedLane(
        lane=lane,
        takes=manifest.takes,
        classes=math.prod(first.as_list()) if first.is_fully_defined() else len(manifest.classes),
        load_ms=load_ms,
        call=loaded.call,
        input=manifest.input,
        at_once=cpu_threads.count(),
    )


def _keras(path: Path, manifest: Manifest) -> TfSession:
    if saved_model.is_exported(path):
        return saved_model.session(path, manifest.takes)
    return inference(keras2.read(path), manifest.takes, path)


def _layers(path: Path, manifest: Manifest) -> TfSession:
    return inference(layers_model.read(path), manifest.takes, path)


def inference(
    model: Any, takes: Sequence[Tensor], path: Path, *, as_written: bool = False
) -> TfSession:
    """A Keras model of ``path`` as a graph in a session. Raises ModelError where it does not take
    such inputs, or gives something else than tensors.
    """
    import tensorflow as tf

    specs = [tf_session.specification(each) for each in takes]

    def infer(*given: Any) -> Any:
        return calling.outputs(model, given)

    try:
        concrete = tf.function(infer, input_signature=specs).get_concrete_function()
        if not all(isinstance(each, tf.Tensor) for each in concrete.structured_outputs):
            raise ModelError(f"{path} gives {concrete.structured_outputs}. Expected tensors.")
        definition, sources, targets = tf_session.frozen(concrete)
        return tf_session.start(definition, sources, targets, takes, as_written=as_written)
    except ModelError:
        raise
    except Exception as error:  # both Keras and TensorFlow raise many kinds
        shapes = " and ".join(str(tuple(spec.shape)) for spec in specs)
        raise ModelError(f"{path} does not take batches of {shapes}: {error}") from error


def _graph(path: Path, manifest: Manifest) -> TfSession:
    from models.formats import graph_model

    graph = graph_model.read(path)
    try:
        sources, targets = graph_model.ends(graph, manifest.takes, manifest.outputs)
    except ValueError as error:
        raise ModelError(f"The graph model {path} {error}.") from error
    try:
        return tf_session.start(graph.definition, sources, targets, manifest.takes)
    except Exception as error:  # TensorFlow raises many kinds for a graph that is none
        lacking = _lacking(graph.definition)
        reason = f"it has no operation {', '.join(lacking)}." if lacking else first_line(error)
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
