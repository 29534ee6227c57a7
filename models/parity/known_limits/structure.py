"""The table's rows about layers that TensorFlow.js lacks, and about shapes."""

from __future__ import annotations

from collections.abc import Iterator

from models.formats.architecture.description import Description, Layer
from models.parity.known_limits.conditions import layer, placed
from models.parity.known_limits.limit import CONVERTER, ISSUES, LAYERS, Limit
from models.parity.known_limits.tfjs_classes import LAYERS as REGISTERED
from models.parity.known_limits.topology import NEEDS, Topology

_CODE = ("Lambda", "TFOpLambda", "SlicingOpLambda")
_SPATIAL_DROPOUT = ("SpatialDropout2D", "SpatialDropout3D")
_PREPROCESSING = (
    *("Normalization", "Discretization", "Hashing", "HashedCrossing"),
    *("IntegerLookup", "StringLookup", "TextVectorization"),
)


def _augments(each: Layer) -> bool:
    return each.kind.startswith("Random") and each.kind not in REGISTERED


def _unknown(each: Layer) -> bool:
    named = (*_CODE, *_SPATIAL_DROPOUT, *_PREPROCESSING)
    return each.kind not in REGISTERED and each.kind not in named and not _augments(each)


def _flattened_pooling(description: Description) -> Iterator[str]:
    """Poolings with keepdims, where a later layer needs the axes that they should have kept."""
    kept = [
        each.name
        for each in description.layers
        if each.kind.startswith("Global") and each.config.get("keepdims") is True
    ]
    topology = Topology(description) if kept else None
    needing = (each for each in description.layers if each.kind in ("Flatten", *NEEDS))
    if topology and any(topology.before(each).rank == 2 for each in needing):
        yield from kept


def _of_unknown_size(each: Layer, topology: Topology) -> bool:
    before = topology.before(each)
    if each.kind == "Flatten":
        return bool(before.unknown)
    return before.rank is not None and before.rank - 1 in before.unknown


ROWS = (
    Limit(
        name="lambda",
        what="a Lambda layer, or a bare function of TensorFlow in the model",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js does not load the model: it has neither Python code nor those "
        "functions.",
        way_out="Ship the graph model where it is a function of TensorFlow, or use Keras's own "
        "layers (Rescaling, Reshape, Add, Multiply).",
        reference=ISSUES + "1521",
        says="Unknown layer: (Lambda|TFOpLambda|SlicingOpLambda)",
        when=layer(*_CODE),
    ),
    Limit(
        name="augmentation-layer",
        what="a layer that augments pictures in training, such as RandomFlip",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js does not load the model: it has no such layer.",
        way_out="Leave it out of the model that you convert: it does nothing when predicting.",
        reference=ISSUES + "4390",
        says="Unknown layer: Random",
        when=layer(where=_augments),
    ),
    Limit(
        name="spatial-dropout",
        what="SpatialDropout2D or SpatialDropout3D",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js does not load the model: it has no such layer.",
        way_out="Leave it out of the model that you convert: it does nothing when predicting.",
        reference=LAYERS + "exports_layers.ts",
        says="Unknown layer: SpatialDropout",
        when=layer(*_SPATIAL_DROPOUT),
    ),
    Limit(
        name="preprocessing-layer",
        what="a layer that prepares data, such as Normalization",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js does not load the model: it has no such layer.",
        way_out="Ship the graph model; for Normalization, use Rescaling with its numbers.",
        reference=ISSUES + "4626",
        says="Unknown layer",
        when=layer(*_PREPROCESSING),
    ),
    Limit(
        name="discretization-graph",
        what="Discretization",
        formats=("graph",),
        effect="not converted",
        happens="The converter refuses the operation Bucketize.",
        way_out="Do it before the model.",
        reference=CONVERTER + "tf_saved_model_conversion_v2.py",
        says="Unsupported Ops.*Bucketize",
        when=layer("Discretization"),
    ),
    Limit(
        name="hashing-graph",
        what="Hashing",
        formats=("graph",),
        effect="not converted",
        happens="The converter refuses the operation AsString.",
        way_out="Do it before the model.",
        reference=CONVERTER + "tf_saved_model_conversion_v2.py",
        says="Unsupported Ops.*AsString",
        when=layer("Hashing"),
    ),
    Limit(
        name="category-encoding",
        what="CategoryEncoding",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js changes the shape of the model's input to that of the encoding, and "
        "refuses inputs of the right size.",
        way_out="Ship the graph model, which is right, or encode before the model.",
        reference=LAYERS + "layers/preprocessing/category_encoding.ts",
        says="Error when checking",
        when=layer("CategoryEncoding"),
    ),
    Limit(
        name="spectral-normalization-graph",
        what="SpectralNormalization",
        formats=("graph",),
        effect="not converted",
        happens="The converter ends: tf_keras does not find the layer when it loads the file.",
        way_out="Put the wrapped layer in its place, with the same weights: they only change in "
        "training.",
        reference=CONVERTER + "converter.py",
        says="Unknown layer: 'SpectralNormalization'",
        when=layer("SpectralNormalization"),
    ),
    Limit(
        name="unknown-layer",
        what="a layer that TensorFlow.js does not have, such as Attention, Subtract, Identity or "
        "GroupNormalization, or one of your own",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js does not load the model.",
        way_out="Ship the graph model, or build the layer from those that it has.",
        reference=LAYERS + "exports_layers.ts",
        says="Unknown layer|setFastWeightInitDuringBuild",
        when=layer(where=_unknown),
    ),
    Limit(
        name="pooling-keepdims",
        what="global pooling with keepdims, and a layer behind it that needs the axes",
        formats=("layers",),
        effect="ignores a setting",
        happens="The output has no kept axes, and the next layer does not fit.",
        way_out="Put a Reshape behind the pooling, or ship the graph model.",
        reference=LAYERS + "layers/pooling.ts",
        says="expected (min_)?ndim=",
        when=_flattened_pooling,
    ),
    Limit(
        name="flatten-flat",
        what="Flatten of what is flat already",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js wants an input of three axes or more.",
        way_out="Leave it out: it does nothing.",
        reference=LAYERS + "layers/core.ts",
        says="expected min_ndim=3",
        when=placed("Flatten", where=lambda each, topology: topology.before(each).rank == 2),
    ),
    Limit(
        name="reshape-unknown-size",
        what="Reshape with a size of -1, and a Flatten or Dense that needs it",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js does not work out the size, and cannot build the next layer.",
        way_out="Write the number in place of -1.",
        reference=LAYERS + "layers/core.ts",
        says="not fully defined|comprised of positive integers",
        when=placed("Flatten", "Dense", where=_of_unknown_size),
    ),
)
