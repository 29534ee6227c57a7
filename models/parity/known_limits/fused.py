"""The table's rows about what the converter fuses: as TensorFlow's own optimiser does, which knows
nothing of what TensorFlow.js can run.

With oneDNN, which TensorFlow has on by default on newer Intel and AMD processors, it fuses more;
our conversion then does without (``models.convert.loadable``).
"""

from __future__ import annotations

from collections.abc import Iterator

from models.formats.architecture.description import Description, Layer, Operation
from models.parity.known_limits.conditions import (
    activations,
    either,
    layer,
    operation,
    placed,
)
from models.parity.known_limits.limit import CONVERTER, TFJS, Condition, Limit
from models.parity.known_limits.topology import Topology, integers

_WAY_OUT = (
    "`digit-parity add` and `convert` do without; where you convert yourself, set "
    "TF_ENABLE_ONEDNN_OPTS=0 in the environment."
)
_CONVOLUTIONS = (
    "Conv2D",
    "DepthwiseConv2D",
    "SeparableConv2D",
)  # that normalisation is folded into


def _linear(each: Layer) -> bool:
    return list(activations(each)) in ([], ["linear"])


def _ends_in_tanh(each: Layer, topology: Topology) -> bool:
    """Whether a product of matrices, its bias and tanh follow each other."""
    if "tanh" not in activations(each):
        return False
    dense = each if each.kind == "Dense" else topology.past_idle(each)
    if dense is None or dense.kind != "Dense" or dense.config.get("use_bias") is False:
        return False
    return (dense is each or _linear(dense)) and topology.before(dense).rank == 2


def _unrolled_tanh(each: Layer) -> bool:
    return each.config.get("unroll") is True and each.config.get("activation", "tanh") == "tanh"


def _fuses(name: str) -> Condition:
    def found(each: Operation, _: Description) -> bool:
        fused = each.settings.get("fused_ops")
        return isinstance(fused, list) and name in fused

    return operation("_FusedMatMul", "_FusedConv2D", where=found)


def _hard_swish(description: Description) -> Iterator[str]:
    """ReLUs with a largest value of 6 of a convolution's sum with a number, which then multiply the
    convolution.
    """
    topology = Topology(description)
    multiplied = {
        (each.inside, source)
        for each in description.layers
        if each.kind == "Multiply"
        for source in each.sources
    }
    for each in description.layers:
        if each.kind != "ReLU" or each.config.get("max_value") != 6:
            continue
        added = topology.source(each)
        base = topology.source(added) if added is not None else None
        if added is None or base is None or added.kind not in ("TFOpLambda", "Rescaling"):
            continue
        biased = base.kind == "Conv2D" and base.config.get("use_bias") is not False
        if base.kind == "BatchNormalization":
            before = topology.source(base)
            biased = before is not None and before.kind == "Conv2D"
        if biased and (base.inside, base.name) in multiplied:
            yield each.name


def _is_fused_with_relu(each: Layer, topology: Topology) -> bool:
    """Whether a normalisation of pictures is not folded into a convolution, and a ReLU follows."""
    axis_is_last = integers(each.config.get("axis")) in ([3], [-1])
    if not axis_is_last or topology.before(each).rank != 4:
        return False
    source, taker = topology.source(each), topology.behind_idle(each)
    folded = source is not None and source.kind in _CONVOLUTIONS and _linear(source)
    return not folded and taker is not None and _is_relu(taker)


def _is_relu(each: Layer) -> bool:
    if each.kind == "Activation":
        return list(activations(each)) == ["relu"]
    settings = (each.config.get(key) for key in ("max_value", "negative_slope", "threshold"))
    return each.kind == "ReLU" and not any(settings)


def _is_taken_twice(each: Layer, topology: Topology) -> bool:
    """Whether a normalisation takes a convolution with a bias, and another layer does, too."""
    if each.config.get("use_bias") is False or not _linear(each):
        return False
    takers = topology.takers(each)
    return len(takers) > 1 and any(one.kind == "BatchNormalization" for one in takers)


ROWS = (
    Limit(
        name="dense-tanh-graph",
        what="Dense with the activation tanh, an Activation tanh behind it, or a SimpleRNN with "
        "unroll=True",
        formats=("graph",),
        effect="refuses",
        happens="On Intel and AMD processors the converter fuses tanh into the matrix product, as "
        "oneDNN does, and TensorFlow.js does not run that.",
        way_out=_WAY_OUT,
        reference=TFJS + "tfjs-backend-cpu/src/utils/fused_utils.ts",
        says="(Activation tanh has not been|tanh activation not yet)",
        when=either(
            placed("Dense", "Activation", where=_ends_in_tanh),
            layer("SimpleRNN", where=_unrolled_tanh),
            _fuses("Tanh"),
        ),
    ),
    Limit(
        name="hard-swish-graph",
        what="hard swish behind a convolution, x · ReLU6(x + 3) / 6, as in MobileNetV3",
        formats=("graph",),
        effect="refuses",
        happens="On Intel and AMD processors the converter fuses it into the convolution, as "
        "oneDNN does, and TensorFlow.js does not run that.",
        way_out=_WAY_OUT,
        reference=TFJS + "tfjs-backend-cpu/src/utils/fused_utils.ts",
        says="(?i)(Activation _fusedhardswish has not been|_fusedhardswish activation not yet)",
        when=either(_hard_swish, _fuses("_FusedHardSwish")),
    ),
    Limit(
        name="batchnorm-relu-graph",
        what="BatchNormalization and ReLU behind a layer that is no convolution, as in DenseNet "
        "and ResNetV2",
        formats=("graph",),
        effect="not converted",
        happens="On Intel and AMD processors the converter fuses the two, as oneDNN does, and then "
        "refuses the operation that it made, _FusedBatchNormEx.",
        way_out=_WAY_OUT,
        reference=CONVERTER + "tf_saved_model_conversion_v2.py",
        says="after optimization.*_FusedBatchNormEx",
        when=placed("BatchNormalization", where=_is_fused_with_relu),
    ),
    Limit(
        name="convolution-taken-twice-graph",
        what="a convolution with a bias that a BatchNormalization takes, and another layer too",
        formats=("graph",),
        effect="not converted",
        happens="The converter folds the normalisation into the convolution, and the other layer "
        "loses what it takes.",
        way_out="Ship the layers model, or build the convolution with use_bias=False.",
        reference=CONVERTER + "fold_batch_norms.py",
        says="Non-existent input",
        when=placed("Conv2D", "DepthwiseConv2D", where=_is_taken_twice),
    ),
)
