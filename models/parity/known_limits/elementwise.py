"""The table's rows about activations and normalisation."""

from __future__ import annotations

from models.formats.architecture.description import Layer
from models.parity.known_limits.conditions import (
    activations,
    either,
    layer,
    numbers,
    of_keras,
    operation,
    other,
    placed,
)
from models.parity.known_limits.limit import CONVERTER, ISSUES, LAYERS, TFJS, Limit
from models.parity.known_limits.tfjs_classes import ACTIVATIONS
from models.parity.known_limits.tfjs_classes import LAYERS as REGISTERED
from models.parity.known_limits.topology import Topology, integers

_KNOWN = ACTIVATIONS | REGISTERED  # an activation may be a layer, such as LeakyReLU
_FUSED_EPSILON = 1.001e-5  # below it tf_keras computes LayerNormalization step by step


def _axes(each: Layer, topology: Topology) -> tuple[set[int], int | None]:
    """The axes of a layer, counted from the first, and the last axis of its input."""
    rank = topology.before(each).rank
    axes = {
        axis + rank if axis < 0 and rank else axis for axis in integers(each.config.get("axis"))
    }
    return axes, rank - 1 if rank else None


def _not_last(each: Layer, topology: Topology) -> bool:
    axes, last = _axes(each, topology)
    return len(axes) == 1 and last is not None and axes != {last}


def _folded(each: Layer, topology: Topology) -> bool:
    """Whether the converter folds it into a convolution before it, whose channels come last."""
    source = topology.source(each)
    return (
        _axes(each, topology) == ({1}, 3)
        and source is not None
        and source.kind in ("Conv2D", "DepthwiseConv2D")
        and source.config.get("data_format") != "channels_first"
        and list(activations(source)) in ([], ["linear"])
    )


def _fused(each: Layer, topology: Topology) -> bool:
    """Whether tf_keras computes a LayerNormalization by an operation for batches in training."""
    axes, last = _axes(each, topology)
    ends_with_last = last is None or (last in axes and max(axes) - min(axes) == len(axes) - 1)
    epsilon = numbers(each.config.get("epsilon")) or [1e-3]
    return ends_with_last and epsilon[0] >= _FUSED_EPSILON


ROWS = (
    Limit(
        name="relu-negative-slope",
        what="ReLU with a negative_slope",
        formats=("layers",),
        effect="ignores a setting",
        happens="TensorFlow.js gives 0 for all negative numbers: the answers are wrong.",
        way_out="Ship the graph model, which is right, or use LeakyReLU.",
        reference=LAYERS + "layers/advanced_activations.ts",
        when=layer("ReLU", where=other("negative_slope", 0)),
    ),
    Limit(
        name="relu-threshold",
        what="ReLU with a threshold",
        formats=("layers",),
        effect="ignores a setting",
        happens="TensorFlow.js cuts at 0 instead: the answers are wrong.",
        way_out="Ship the graph model, which is right, or use ThresholdedReLU.",
        reference=LAYERS + "layers/advanced_activations.ts",
        when=layer("ReLU", where=other("threshold", 0)),
    ),
    Limit(
        name="elu-alpha",
        what="ELU with an alpha other than 1",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js does not load the model.",
        way_out="Ship the graph model.",
        reference=LAYERS + "layers/advanced_activations.ts",
        says="not supported by the ELU layer",
        when=layer("ELU", where=other("alpha", 1)),
    ),
    Limit(
        name="softmax-axis",
        what="Softmax along an axis that is not the last",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js does not run the model.",
        way_out="Ship the graph model, or put a Permute before and after the Softmax.",
        reference=TFJS + "tfjs-core/src/ops/softmax.ts",
        says="Softmax along a non-last dimension",
        when=placed("Softmax", where=_not_last),
    ),
    Limit(
        name="unknown-activation",
        what="an activation that TensorFlow.js does not have, such as exponential, silu or "
        "leaky_relu",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js does not load the model.",
        way_out="Ship the graph model, or write swish for silu and a layer LeakyReLU.",
        reference=LAYERS + "activations.ts",
        says="Unknown activation",
        when=layer(where=lambda each: any(name not in _KNOWN for name in activations(each))),
    ),
    Limit(
        name="gelu-graph",
        what="the activation gelu",
        formats=("graph",),
        effect="not converted",
        happens="The converter refuses the operation Erfc, which TensorFlow makes of it.",
        way_out="Ship the layers model, which is right.",
        reference="https://github.com/tensorflow/tensorflow/issues/90899",
        says="Unsupported Ops.*Erfc",
        when=layer(where=lambda each: "gelu" in activations(each)),
    ),
    Limit(
        name="softsign-graph",
        what="the activation softsign",
        formats=("graph",),
        effect="not converted",
        happens="The converter refuses the operation Softsign.",
        way_out="Ship the layers model, which is right.",
        reference=CONVERTER + "tf_saved_model_conversion_v2.py",
        says="Unsupported Ops.*Softsign",
        when=layer(where=lambda each: "softsign" in activations(each)),
    ),
    Limit(
        name="hard-sigmoid-keras3",
        what="the activation hard_sigmoid in a model of Keras 3",
        formats=("graph", "layers"),
        effect="another formula",
        happens="Keras 3 computes x / 6 + 0.5, tf_keras and TensorFlow.js 0.2 x + 0.5: the answers "
        "are wrong.",
        way_out="Train with another activation, or write it as Rescaling, ReLU(6) and Rescaling.",
        reference="https://github.com/keras-team/keras/pull/19477",
        when=of_keras(3, layer(where=lambda each: "hard_sigmoid" in activations(each))),
    ),
    Limit(
        name="batchnorm-axis",
        what="BatchNormalization along an axis that is not the last",
        formats=("layers",),
        backends=("cpu", "wasm"),
        effect="another formula",
        happens="These backends normalise along the last axis: the answers are wrong.",
        way_out="Ship the graph model if it converts, or put a Permute before and after.",
        reference=TFJS + "tfjs-backend-cpu/src/kernels/BatchNorm.ts",
        when=placed("BatchNormalization", where=_not_last),
    ),
    Limit(
        name="batchnorm-axis-folded",
        what="BatchNormalization(axis=1) behind a convolution whose channels come last",
        formats=("graph",),
        effect="not converted",
        happens="The converter folds it into the convolution's channels, where it does not fit.",
        way_out="Put the activation between them, or a Permute before and after.",
        reference=CONVERTER + "fold_batch_norms.py",
        says="operands could not be broadcast",
        when=placed("BatchNormalization", where=_folded),
    ),
    Limit(
        name="layernorm-graph",
        what="LayerNormalization along the last axes",
        formats=("graph",),
        effect="another formula",
        happens="tf_keras computes it by an operation for training, whose statistics TensorFlow.js "
        "does not compute: wrong answers on cpu, NaN on wasm.",
        way_out="Ship the layers model, which is right, or train with an epsilon of 1e-5.",
        reference=ISSUES + "6864",
        when=either(
            placed("LayerNormalization", where=_fused),
            operation(
                *("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"),
                where=lambda each, _: each.settings.get("is_training") is True,
            ),
        ),
    ),
)
