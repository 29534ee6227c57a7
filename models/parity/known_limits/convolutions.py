"""The table's rows about convolutions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from models.formats.architecture.description import Description, Layer
from models.parity.known_limits import picture_sizes
from models.parity.known_limits.conditions import (
    above_one,
    either,
    has,
    layer,
    pair,
)
from models.parity.known_limits.limit import CONVERTER, ISSUES, LAYERS, TFJS, Limit
from models.parity.known_limits.picture_sizes import KERNELS, Sizes

_CONVOLUTIONS = ("Conv1D", "Conv2D", "Conv3D")
_STRIDING = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D")


def _narrow_layers(description: Description) -> Iterator[str]:
    """Convolutions whose windows do not reach the last pixel; one of 1×1 is computed rightly."""
    given = picture_sizes.of_layers(description)
    for each in description.layers:
        if each.kind in _STRIDING and each.config.get("padding") == "same":
            kernel, strides = (pair(each.config.get(key)) for key in ("kernel_size", "strides"))
            if _falls_short(kernel, strides, given[each.inside, each.name]):
                yield each.name


def _narrow_operations(graph: Description) -> Iterator[str]:
    given = picture_sizes.of_operations(graph)
    for each in graph.operations:
        if each.kind in KERNELS and each.settings.get("padding") == "SAME":
            kernel = graph.shapes.get(each.inputs[1] if len(each.inputs) > 1 else "", ())[:2]
            if _falls_short(kernel, picture_sizes.steps(each), given.get(each.name)):
                yield each.name


def _falls_short(kernel: Sequence[float], strides: Sequence[float], given: Sizes) -> bool:
    reached = picture_sizes.reaches_the_end(kernel, strides, given)
    return set(kernel) != {1} and reached is False


def _padded_otherwise(each: Layer) -> bool:
    """Whether ``output_padding`` makes the output another size than TensorFlow.js gives it."""
    settings = (pair(each.config.get(key)) for key in ("output_padding", "kernel_size", "strides"))
    same = each.config.get("padding") == "same"
    for more, size, step in zip(*settings, strict=False):
        grown = size - step + more - (2 * (size // 2) if same else 0)  # in tf_keras
        if grown != (0 if same else max(size - step, 0)):
            return True
    return False


ROWS = (
    Limit(
        name="depthwise-dilation",
        what="DepthwiseConv2D with a dilation_rate above 1",
        formats=("layers",),
        effect="ignores a setting",
        happens="TensorFlow.js computes it without dilation: the answers are wrong, or the next "
        "layer does not fit.",
        way_out="Ship the graph model, which is right.",
        reference=LAYERS + "layers/convolutional_depthwise.ts",
        says="Shape mismatch",
        when=layer("DepthwiseConv2D", where=above_one("dilation_rate")),
    ),
    Limit(
        name="narrow-kernel-stride-wasm",
        what="a convolution with padding 'same' whose windows do not reach the last pixel, such as "
        "1×3 with strides of 2 on an even size",
        formats=("graph", "layers"),
        backends=("wasm",),
        effect="another formula",
        happens="The wasm backend answers wrongly; the other backends are right.",
        way_out="Use another backend, or put a ZeroPadding2D in front and use padding 'valid'.",
        reference=ISSUES + "6629",
        when=either(
            _narrow_layers,
            _narrow_operations,
        ),
    ),
    Limit(
        name="conv-groups",
        what="a convolution with groups above 1",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js does not load the model: it expects a kernel without groups.",
        way_out="Put a Conv2D without groups in its place, with a kernel that is 0 between the "
        "groups: it gives the same answers.",
        reference=ISSUES + "3900",
        says="Shape mismatch",
        when=layer(*_CONVOLUTIONS, where=above_one("groups")),
    ),
    Limit(
        name="conv-groups-graph",
        what="a convolution with groups above 1",
        formats=("graph",),
        effect="not converted",
        happens="The converter refuses the operation PartitionedCall, which Keras makes of it.",
        way_out="Put a Conv2D without groups in its place, with a kernel that is 0 between the "
        "groups: it gives the same answers.",
        reference="https://github.com/AlexanderLutsenko/nobuco/issues/30",
        says="Unsupported Ops.*PartitionedCall",
        when=layer(*_CONVOLUTIONS, where=above_one("groups")),
    ),
    Limit(
        name="conv-transpose-dilation",
        what="Conv2DTranspose with a dilation_rate above 1",
        formats=("layers",),
        effect="ignores a setting",
        happens="TensorFlow.js computes it without dilation: the output is smaller, and the next "
        "layer does not fit.",
        way_out="Ship the graph model, which is right.",
        reference=LAYERS + "layers/convolutional.ts",
        says="Shape mismatch",
        when=layer("Conv2DTranspose", "Conv3DTranspose", where=above_one("dilation_rate")),
    ),
    Limit(
        name="conv-transpose-output-padding",
        what="Conv2DTranspose with an output_padding that changes the size of its output",
        formats=("layers",),
        effect="ignores a setting",
        happens="TensorFlow.js gives the output its usual size, and the next layer does not fit.",
        way_out="Ship the graph model, which is right, or leave output_padding out.",
        reference=LAYERS + "layers/convolutional.ts",
        says="Shape mismatch",
        when=layer("Conv2DTranspose", where=_padded_otherwise),
    ),
    Limit(
        name="conv3d-transpose-graph",
        what="Conv3DTranspose",
        formats=("graph",),
        effect="not converted",
        happens="The converter refuses the operation Conv3DBackpropInputV2.",
        way_out="Ship the layers model, which is right on cpu.",
        reference=CONVERTER + "tf_saved_model_conversion_v2.py",
        says="Unsupported Ops.*Conv3DBackpropInputV2",
        when=layer("Conv3DTranspose"),
    ),
    Limit(
        name="conv3d-transpose-wasm",
        what="Conv3DTranspose",
        formats=("layers",),
        backends=("wasm",),
        effect="another formula",
        happens="The wasm backend answers wrongly, whatever the kernel and the strides.",
        way_out="Use another backend.",
        reference=TFJS + "tfjs-backend-wasm/src/kernels/Conv3DBackpropInputV2.ts",
        when=layer("Conv3DTranspose"),
    ),
    Limit(
        name="conv1d-causal",
        what="Conv1D with padding 'causal'",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js has no causal padding: the model does not load, or does not run.",
        way_out="Ship the graph model, or pad on the left before a Conv1D with padding 'valid'.",
        reference=LAYERS + "layers/convolutional.ts",
        says="CAUSAL|Shape mismatch",
        when=layer("Conv1D", where=has("padding", "causal")),
    ),
    Limit(
        name="separable-fields",
        what="SeparableConv2D with fields of a kernel, as tf_keras writes them",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js does not load the model that the official converter writes.",
        way_out="Convert with `digit-parity convert`, which leaves these fields out of model.json; "
        "they matter in training only.",
        reference=ISSUES + "1739",
        says="Fields kernelInitializer",
        when=layer(
            "SeparableConv2D",
            where=lambda each: any(
                each.config.get(f"kernel_{field}") is not None
                for field in ("initializer", "regularizer", "constraint")
            ),
        ),
    ),
)
