"""The table's rows about resizing and cropping pictures, and about the order of their axes."""

from __future__ import annotations

from models.formats.architecture.description import Description, Layer, Operation
from models.parity.known_limits.conditions import both, either, has, layer, operation, other, placed
from models.parity.known_limits.limit import CONVERTER, GRAPHS, ISSUES, LAYERS, TFJS, Limit
from models.parity.known_limits.picture_sizes import KERNELS
from models.parity.known_limits.topology import Topology

_CHANNELS_FIRST = has("data_format", "channels_first")


def _first(each: Operation, _: Description) -> bool:
    return each.settings.get("data_format") in ("NCHW", "NCDHW")


def _takes_the_input(each: Layer, topology: Topology) -> bool:
    source = topology.source(each)
    return source is None or source.kind == "InputLayer"


ROWS = (
    Limit(
        name="upsampling-bilinear",
        what="UpSampling2D with interpolation 'bilinear'",
        formats=("layers",),
        effect="another formula",
        happens="TensorFlow.js takes pixels by their corners, Keras by their centres: the answers "
        "are wrong.",
        way_out="Ship the graph model, which is right, or use 'nearest'.",
        reference=ISSUES + "4340",
        when=layer("UpSampling2D", where=has("interpolation", "bilinear")),
    ),
    Limit(
        name="interpolation-layers",
        what="UpSampling2D or Resizing with an interpolation other than nearest and bilinear",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js does not load the model: it has no such interpolation.",
        way_out="Use 'nearest', or resize the pictures before the model.",
        reference=LAYERS + "common.ts",
        says="valid InterpolationFormat|Invalid interpolation parameter",
        when=layer("UpSampling2D", "Resizing", where=other("interpolation", "nearest", "bilinear")),
    ),
    Limit(
        name="interpolation-graph",
        what="UpSampling2D or Resizing with an interpolation other than nearest and bilinear",
        formats=("graph",),
        effect="not converted",
        happens="The converter refuses the operation, such as ResizeBicubic.",
        way_out="Use 'nearest' or 'bilinear', or resize the pictures before the model.",
        reference=CONVERTER + "tf_saved_model_conversion_v2.py",
        says="Unsupported Ops.*(Resize|ScaleAndTranslate)",
        when=layer("UpSampling2D", "Resizing", where=other("interpolation", "nearest", "bilinear")),
    ),
    Limit(
        name="channels-first-wasm",
        what="a convolution with data_format 'channels_first'",
        formats=("graph",),
        backends=("wasm",),
        effect="refuses",
        happens="The wasm backend does not run convolutions whose channels come first.",
        way_out="Use another backend, or build the model with 'channels_last'.",
        reference=TFJS + "tfjs-backend-wasm/src/kernels/FusedConv2D.ts",
        says="wasm backend .* does not support dataFormat",
        when=either(layer("Conv2D", where=_CHANNELS_FIRST), operation(*KERNELS, where=_first)),
    ),
    Limit(
        name="channels-first-pooling",
        what="pooling with data_format 'channels_first'",
        formats=("graph",),
        effect="ignores a setting",
        happens="TensorFlow.js pools the wrong axes: the answers have another size or are wrong.",
        way_out="Ship the layers model, which is right, or build the model with 'channels_last'.",
        reference=GRAPHS + "operations/executors/convolution_executor.ts",
        when=either(
            layer("MaxPooling2D", "AveragePooling2D", where=_CHANNELS_FIRST),
            operation("MaxPool", "AvgPool", where=_first),
        ),
    ),
    Limit(
        name="channels-first-bias",
        what="DepthwiseConv2D or Conv2DTranspose with a bias and data_format 'channels_first'",
        formats=("graph",),
        effect="refuses",
        happens="TensorFlow.js adds the bias along the last axis, where it does not fit.",
        way_out="Ship the layers model, which is right, or build the model with 'channels_last'.",
        reference=GRAPHS + "operations/executors/arithmetic_executor.ts",
        says="could not be broadcast",
        when=either(
            layer(
                "DepthwiseConv2D",
                "Conv2DTranspose",
                where=both(_CHANNELS_FIRST, has("use_bias", True)),
            ),
            operation("BiasAdd", where=_first),
        ),
    ),
    Limit(
        name="channels-first-separable",
        what="SeparableConv2D with data_format 'channels_first'",
        formats=("graph",),
        effect="refuses",
        happens="TensorFlow.js does not run the first of its convolutions.",
        way_out="Build the model with 'channels_last'.",
        reference=GRAPHS + "operations/executors/convolution_executor.ts",
        says="Invalid typed array length|depth of input",
        when=layer("SeparableConv2D", where=_CHANNELS_FIRST),
    ),
    Limit(
        name="resizing",
        what="Resizing",
        formats=("layers",),
        effect="refuses",
        happens="The output has no axis for the batch, and the next layer does not fit.",
        way_out="Ship the graph model, or resize the pictures before the model.",
        reference=LAYERS + "layers/preprocessing/image_resizing.ts",
        says="expected (min_)?ndim=|Shape mismatch|must be rank",
        when=layer("Resizing"),
    ),
    Limit(
        name="center-crop-first",
        what="CenterCrop as the first layer",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js changes the shape of the model's input to that of the crop, and "
        "refuses pictures of the right size.",
        way_out="Use Cropping2D, or ship the graph model.",
        reference=LAYERS + "layers/preprocessing/center_crop.ts",
        says="Error when checking",
        when=placed("CenterCrop", where=_takes_the_input),
    ),
    Limit(
        name="random-width",
        what="RandomWidth",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js gives it no width to build the next layer with.",
        way_out="Leave it out of the model that you convert: it does nothing when predicting.",
        reference=LAYERS + "layers/preprocessing/random_width.ts",
        says="Negative dimension size",
        when=layer("RandomWidth"),
    ),
)
