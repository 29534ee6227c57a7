"""The table's rows about how Keras stores a model: files of Keras 3, names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from models.formats.architecture.description import Description, Layer
from models.parity.known_limits import tfjs_classes
from models.parity.known_limits.conditions import layer, of_keras
from models.parity.known_limits.limit import ISSUES, LAYERS, Limit


def _namesakes(description: Description) -> Iterator[str]:
    """Layers with weights that have the same name in models within one another."""
    wrappers = {each.name for each in description.layers if "layer" in each.config}
    counted = Counter(
        each.name
        for each in description.layers
        if any(key.endswith("_initializer") for key in each.config)
        and wrappers.isdisjoint(each.inside)
    )
    return (name for name, count in counted.items() if count > 1)


def _batch_shape(each: Layer) -> bool:
    return "batch_shape" in each.config and "batch_input_shape" not in each.config


ROWS = (
    Limit(
        name="keras3-batch-shape",
        what="a model of Keras 3, whose inputs have a batch_shape",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js does not load what the official converter writes of it: it looks "
        "for batch_input_shape.",
        way_out="Convert with `digit-parity add`, which builds the layers again in tf_keras, or "
        "train with tf_keras.",
        reference=ISSUES + "8494",
        says="batchInputShape",
        when=layer("InputLayer", where=_batch_shape),
    ),
    Limit(
        name="keras3-graph",
        what="a model of Keras 3",
        formats=("graph",),
        effect="not converted",
        happens="The official converter loads it with tf_keras, which does not know batch_shape.",
        way_out="Convert with `digit-parity add`, which builds the layers again in tf_keras, or "
        "export a SavedModel by Keras 3 and convert that.",
        reference=ISSUES + "8494",
        says="batch_shape",
        when=of_keras(3, layer("InputLayer", where=_batch_shape)),
    ),
    Limit(
        name="dictionary",
        what="a model that takes its inputs, or gives its outputs, as a dictionary",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js does not load the model: it only knows lists of tensors.",
        way_out="Ship the graph model, which is right, or build the model with lists: the layers "
        "keep their names.",
        reference=LAYERS + "engine/container.ts",
        says="not iterable",
        when=lambda description: iter(description.dictionaries),
    ),
    Limit(
        name="unknown-for-training",
        what="an initializer, regularizer or constraint that TensorFlow.js does not have by that "
        "name, such as L2 or LecunNormal",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js does not load the model that the official converter writes.",
        way_out="Convert with `digit-parity add` or `convert`, which leave these fields out of "
        "model.json; they matter in training only. Or ship the graph model.",
        reference=LAYERS + "regularizers.ts",
        says="Unknown (initializer|regularizer|constraint)",
        when=layer(where=lambda each: any(tfjs_classes.refused_training(each.config))),
    ),
    Limit(
        name="namesakes",
        what="a model within the model, and layers of the same name in both",
        formats=("layers",),
        effect="not converted",
        happens="The converter ends: it stores the weights of both under one name.",
        way_out="Give one of the layers another name, or ship the graph model.",
        reference=ISSUES + "4830",
        says="duplicate weight name",
        when=_namesakes,
    ),
)
