"""Runs a graph in a session of TensorFlow.

For one digit of a small network, a `tf.function` spends most of its time around the operations. A
session spends far less, for the same operations and answers (`python -m benchmarks.engines`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models.lanes import Pixels, Probabilities


@dataclass(frozen=True, eq=False)
class TfSession:
    """A loaded graph from one tensor to another; safe to share between threads.

    ``output`` is the symbolic output tensor, which knows its shape.
    """

    output: Any
    call: Callable[[Pixels], Probabilities]


def start(
    definition: Any, source: str, target: str, spec: Any, *, as_written: bool = False
) -> TfSession:
    """Load a tensorflow.GraphDef that takes batches of the tf.TensorSpec ``spec`` as ``source``.

    ``source`` and ``target`` are names of tensors. With ``as_written`` the operations run as they
    are, so that the answers are those of Keras to the last bit: TensorFlow otherwise merges some,
    which is faster for most networks, but rounds in another way. Raises ValueError, KeyError,
    TypeError or a tf.errors.OpError when TensorFlow rejects the graph, or such batches for it.
    """
    import tensorflow as tf
    from tensorflow.core.protobuf import config_pb2

    graph = tf.Graph()
    with graph.as_default():
        fed = tf.compat.v1.placeholder(spec.dtype, spec.shape, "fed")
        (output,) = tf.graph_util.import_graph_def(
            definition, input_map={source: fed}, return_elements=[target], name="model"
        )
    # -1: operations run in the calling thread. Each piece of a batch has a thread of its own.
    options = tf.compat.v1.ConfigProto(inter_op_parallelism_threads=-1)
    options.graph_options.rewrite_options.disable_meta_optimizer = as_written
    tf_session = tf.compat.v1.Session(graph=graph, config=options)
    # Not public, but what tf_keras itself calls: `make_callable` takes half as long again.
    run = tf_session._make_callable_from_options(
        config_pb2.CallableOptions(feed=[fed.name], fetch=[output.name])
    )
    return TfSession(output, lambda batch: run(batch)[0])


def frozen(concrete: Any) -> tuple[Any, str, str]:
    """Freeze a concrete function's variables. Returns the GraphDef, names of input and output."""
    # Not public, but what the official converter does first with every model.
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    constant = convert_variables_to_constants_v2(concrete)
    return constant.graph.as_graph_def(), constant.inputs[0].name, constant.outputs[0].name
