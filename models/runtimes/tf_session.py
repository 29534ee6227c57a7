"""Runs a graph in a session of TensorFlow.

For one digit of a small network, a `tf.function` spends most of its time around the operations. A
session spends far less, for the same operations and answers (`python -m benchmarks.engines`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from models.formats.tensors import Tensor, Tensors


@dataclass(frozen=True, eq=False)
class TfSession:
    """A loaded graph from tensors to tensors; safe to share between threads.

    ``outputs`` are the symbolic output tensors, which know their shapes.
    """

    outputs: Sequence[Any]
    call: Callable[[Tensors], Tensors]


def start(
    definition: Any,
    sources: Sequence[str],
    targets: Sequence[str],
    takes: Sequence[Tensor],
    *,
    as_written: bool = False,
) -> TfSession:
    """Load a tensorflow.GraphDef that takes batches of ``takes`` as ``sources``, in their order.

    ``sources`` and ``targets`` are names of tensors. With ``as_written`` the operations run as they
    are, so that the answers are those of Keras to the last bit: TensorFlow otherwise merges some,
    which is faster for most networks, but rounds in another way. Raises ValueError, KeyError,
    TypeError or a tf.errors.OpError when TensorFlow rejects the graph, or such batches for it.
    """
    import tensorflow as tf
    from tensorflow.core.protobuf import config_pb2

    graph = tf.Graph()
    wanted = {node.name: node.attr["dtype"].type for node in definition.node}
    with graph.as_default():
        fed = [
            tf.compat.v1.placeholder(spec.dtype, spec.shape, f"fed_{number}")
            for number, spec in enumerate(map(specification, takes))
        ]
        given = {
            name: _of_type(tensor, wanted.get(name.partition(":")[0]))
            for name, tensor in zip(sources, fed, strict=True)
        }
        outputs = tf.graph_util.import_graph_def(
            definition, input_map=given, return_elements=list(targets), name="model"
        )
    # -1: operations run in the calling thread. Each piece of a batch has a thread of its own.
    options = tf.compat.v1.ConfigProto(inter_op_parallelism_threads=-1)
    options.graph_options.rewrite_options.disable_meta_optimizer = as_written
    tf_session = tf.compat.v1.Session(graph=graph, config=options)
    # Not public, but what tf_keras itself calls: `make_callable` takes half as long again.
    run = tf_session._make_callable_from_options(
        config_pb2.CallableOptions(
            feed=[each.name for each in fed], fetch=[each.name for each in outputs]
        )
    )
    return TfSession(outputs, lambda batch: tuple(run(*batch)))


def specification(tensor: Tensor) -> Any:
    """The tf.TensorSpec of batches of an input."""
    import tensorflow as tf

    return tf.TensorSpec((tensor.batch, *tensor.whole), tf.dtypes.as_dtype(tensor.dtype))


def _of_type(tensor: Any, dtype: int | None) -> Any:
    """The tensor as its placeholder in the graph wants it."""
    import tensorflow as tf

    return tensor if not dtype or tensor.dtype == dtype else tf.cast(tensor, tf.as_dtype(dtype))


def frozen(concrete: Any) -> tuple[Any, list[str], list[str]]:
    """Freeze a concrete function's variables. Returns the GraphDef, names of inputs and outputs."""
    # Not public, but what the official converter does first with every model.
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    constant = convert_variables_to_constants_v2(concrete)
    inputs, outputs = ([each.name for each in side] for side in (constant.inputs, constant.outputs))
    return constant.graph.as_graph_def(), inputs, outputs
