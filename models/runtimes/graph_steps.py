"""A graph model operation by operation, in TensorFlow, from its inputs or from given values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from models.errors import ModelError
from models.formats import anatomy
from models.formats.manifest import Manifest
from models.formats.tensors import Tensors

Outputs = Mapping[str, NDArray[Any]]
Network = Callable[[Tensors], Mapping[str, Any]]
Feeds = Mapping[str, Sequence[str]]  # a part, and the given parts that it is computed from
# From a batch, given values and feeds to what each of these parts gives, or why it gives nothing.
Apart = Callable[[Tensors, Outputs, Feeds], Mapping[str, Any]]


def of_graph(path: Path, manifest: Manifest) -> tuple[Network, Apart]:
    """The operations that the converter left in a graph model, and each of them alone.

    Raises ModelError when the file may not or cannot be read, or takes other inputs than the
    manifest says.
    """
    import tensorflow as tf

    from models.formats import graph_model

    stored = graph_model.read(path)
    try:
        sources, _ = graph_model.ends(stored, manifest.takes, manifest.outputs)
    except ValueError as error:
        raise ModelError(f"The graph model {path} {error}.") from error
    fed_parts = [source.partition(":")[0] for source in sources]
    shown = (part.name for part in anatomy.read_graph(path) if not part.hidden)
    names = [name for name in shown if name not in fed_parts]
    dtypes = {node.name: node.attr["dtype"].type for node in stored.definition.node}
    # In a graph of its own: functions of two models in one context may have the same name.
    graph = tf.Graph()
    with graph.as_default():
        fed = [tf.compat.v1.placeholder(dtypes[part] or tf.float32) for part in fed_parts]
        mapped = dict(zip(sources, fed, strict=True))
        tensors = tf.graph_util.import_graph_def(
            stored.definition, mapped, [f"{name}:0" for name in names], name="model"
        )
    # As written: TensorFlow may merge operations even where their outputs are asked for.
    options = tf.compat.v1.ConfigProto()
    options.graph_options.rewrite_options.disable_meta_optimizer = True
    session = tf.compat.v1.Session(graph=graph, config=options)
    traced = {
        name: tensor
        for name, tensor in zip(names, tensors, strict=True)
        if tensor.dtype.is_floating
    }

    def network(batch: Tensors) -> Mapping[str, Any]:
        outputs: Mapping[str, Any] = session.run(traced, dict(zip(fed, batch, strict=True)))
        return {**dict(zip(fed_parts, batch, strict=True)), **outputs}

    def apart(batch: Tensors, given: Outputs, feeds: Feeds) -> Mapping[str, Any]:
        found: dict[str, Any] = {}
        inputs = dict(zip(fed, batch, strict=True))
        for part, parts in feeds.items():
            fed_with = {
                traced[each]: given[each].astype(traced[each].dtype.as_numpy_dtype)
                for each in parts
                if each in traced
            }
            try:
                found[part] = session.run(traced[part], inputs | fed_with)
            except (KeyError, tf.errors.OpError, ValueError, TypeError) as error:
                found[part] = str(error).strip().partition("\n")[0]
        return found

    return network, apart
