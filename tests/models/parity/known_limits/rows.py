"""For each row a tiny model that it is about, and one that is like it and that it is not about."""

from __future__ import annotations

from models.formats.architecture.description import Description, of_layers
from tests.models.parity.known_limits.described import (
    chain,
    graph,
    in_chain,
    layer,
    node,
    picture,
    rows,
)

CONV = {"kernel_size": [1, 3], "strides": [2, 2], "padding": "same"}
FIRST = {"data_format": "channels_first"}
FLAT = layer("Flatten", "flat")
NORM = layer("BatchNormalization", "norm", axis=[3])
TANH = layer("Activation", "tanh", activation="tanh")
KERAS3_INPUT = layer("InputLayer", "in", batch_shape=[None, 28, 28, 1])
WEIGHTED = {"kernel_initializer": None}
WIDE = layer("Conv2D", **CONV)
STEP = {"kernel_size": 2, "strides": 3, "padding": "same"}
NARROW = {"strides": [1, 2, 2, 1], "padding": "SAME"}
POOL = {"ksize": [1, 2, 2, 1], "strides": [1, 2, 2, 1], "padding": "VALID"}


def nested(outer: str, inner: str) -> Description:
    model = {"layers": [layer("Conv2D", inner, **WEIGHTED)]}
    return in_chain(layer("Conv2D", outer, **WEIGHTED), layer("Functional", "inner", **model))


def transposed(extra: int, padding: str = "same") -> Description:
    settings = {"kernel_size": [3, 3], "strides": [2, 2], "output_padding": [extra, extra]}
    return in_chain(layer("Conv2DTranspose", padding=padding, **settings))


def fused(bias: dict) -> Description:
    return graph(bias, node("_FusedMatMul", "x", "w", "bias"), w=[28, 32], b=[32])


def strided(size: int | None, kernel: list[int], *, pooled: bool = False) -> Description:
    """A graph with such a convolution of pictures of that size, perhaps behind a pooling."""
    shape = {"dim": [{"size": str(each or -1)} for each in (None, size, size, 4)]}
    start = {"name": "x", "op": "Placeholder", "attr": {"shape": {"shape": shape}}}
    pool = [node("MaxPool", "x:0", name="pool", **POOL)] if pooled else []
    source = "pool" if pooled else "x"
    # Graphs need not name operations before they are used.
    return graph(node("_FusedConv2D", source, "k", **NARROW), *pool, start, k=kernel)


def functional(inputs: object) -> Description:
    """A model whose ``input_layers`` are stored so."""
    config = {"name": "m", "layers": [layer("InputLayer", "x")], "input_layers": inputs}
    return of_layers("keras", {"class_name": "Functional", "config": config}, "2.15.0")


def connected(**sources: tuple[dict, list[str]]) -> Description:
    """A functional model of layers and what each takes."""
    layers = [
        {**each, "name": name, "inbound_nodes": [[[one, 0, 0, {}] for one in taken]]}
        for name, (each, taken) in sources.items()
    ]
    return of_layers("keras", {"class_name": "Functional", "config": {"layers": layers}}, "2.15.0")


def hard_swish(convolution: str) -> Description:
    return connected(
        start=(picture(16, 16, 3), []),
        conv=(layer(convolution, activation="linear"), ["start"]),
        added=(layer("TFOpLambda"), ["conv"]),
        capped=(layer("ReLU", max_value=6.0), ["added"]),
        product=(layer("Multiply"), ["conv", "capped"]),
    )


def taken_by(*names: str) -> Description:
    """A convolution that a normalisation takes, or others too."""
    kinds = {"norm": "BatchNormalization", "relu": "ReLU"}
    return connected(
        start=(picture(16, 16, 3), []),
        conv=(layer("Conv2D", activation="linear"), ["start"]),
        **{name: (layer(kinds[name], axis=[3]), ["conv"]) for name in names},
    )


def stacked(*cells: str) -> dict:
    return layer("StackedRNNCells", cells=[layer(cell) for cell in cells])


HIT_AND_MISS: dict[str, tuple[Description, Description]] = {
    "keras3-batch-shape": (chain(KERAS3_INPUT), in_chain()),
    "keras3-graph": (chain(KERAS3_INPUT, keras=3), in_chain()),
    "lambda": (in_chain(layer("TFOpLambda")), in_chain(layer("Rescaling"))),
    "augmentation-layer": (in_chain(layer("RandomFlip")), in_chain(layer("RandomWidth"))),
    "random-width": (in_chain(layer("RandomWidth")), in_chain(layer("RandomHeight"))),
    "spatial-dropout": (in_chain(layer("SpatialDropout2D")), in_chain(layer("SpatialDropout1D"))),
    "preprocessing-layer": (in_chain(layer("Normalization")), in_chain(layer("CategoryEncoding"))),
    "hashing-graph": (in_chain(layer("Hashing")), in_chain(layer("IntegerLookup"))),
    "category-encoding": (
        in_chain(layer("CategoryEncoding")),
        in_chain(layer("Discretization")),
    ),
    "dictionary": (functional({"a": ["x", 0, 0]}), functional([["x", 0, 0]])),
    "dense-tanh-graph": (
        chain(picture(4), layer("Dense", "d", activation="tanh")),
        chain(picture(4), layer("Dense", "d", activation="tanh", use_bias=False)),
    ),
    "hard-swish-graph": (hard_swish("Conv2D"), hard_swish("DepthwiseConv2D")),
    "batchnorm-relu-graph": (
        in_chain(layer("MaxPooling2D", "p"), NORM, layer("ReLU", "r")),
        in_chain(layer("Conv2D", "c", activation="linear"), NORM, layer("ReLU", "r")),
    ),
    "convolution-taken-twice-graph": (taken_by("norm", "relu"), taken_by("norm")),
    "discretization-graph": (in_chain(layer("Discretization")), in_chain(layer("Normalization"))),
    "spectral-normalization-graph": (
        in_chain(layer("SpectralNormalization", layer=layer("Conv2D", "conv"))),
        in_chain(layer("Conv2D", "conv")),
    ),
    "unknown-layer": (in_chain(layer("Attention")), in_chain(layer("Lambda"))),
    "resizing": (in_chain(layer("Resizing")), in_chain(layer("Rescaling"))),
    "center-crop-first": (
        in_chain(layer("CenterCrop")),
        in_chain(layer("Conv2D", "conv"), layer("CenterCrop")),
    ),
    "pooling-keepdims": (
        in_chain(layer("GlobalAveragePooling2D", keepdims=True), layer("Conv2D", "conv")),
        in_chain(layer("GlobalAveragePooling2D", keepdims=True), layer("Dense", "dense")),
    ),
    "flatten-flat": (
        in_chain(FLAT, layer("Dense", "dense"), layer("Flatten")),
        in_chain(layer("Dense", "dense"), layer("Flatten")),
    ),
    "reshape-unknown-size": (
        in_chain(
            layer("Reshape", "r", target_shape=[-1, 26]), layer("Permute", "p", dims=[2, 1]), FLAT
        ),
        in_chain(layer("Reshape", "r", target_shape=[-1, 26]), layer("Dense", "dense")),
    ),
    "namesakes": (nested("conv", "conv"), nested("conv", "another")),
    "depthwise-dilation": (
        in_chain(layer("DepthwiseConv2D", dilation_rate=[2, 2])),
        in_chain(layer("DepthwiseConv2D", dilation_rate=[1, 1])),
    ),
    "narrow-kernel-stride-wasm": (
        in_chain(layer("DepthwiseConv2D", **CONV)),
        in_chain(layer("DepthwiseConv2D", **CONV | {"padding": "valid"})),
    ),
    "upsampling-bilinear": (
        in_chain(layer("UpSampling2D", interpolation="bilinear")),
        in_chain(layer("UpSampling2D", interpolation="nearest")),
    ),
    "interpolation-layers": (
        in_chain(layer("UpSampling2D", interpolation="bicubic")),
        in_chain(layer("UpSampling2D", interpolation="bilinear")),
    ),
    "interpolation-graph": (
        in_chain(layer("Resizing", interpolation="area")),
        in_chain(layer("Resizing", interpolation="bilinear")),
    ),
    "conv-groups": (in_chain(layer("Conv2D", groups=2)), in_chain(layer("Conv2D", groups=1))),
    "conv-groups-graph": (in_chain(layer("Conv1D", groups=2)), in_chain(layer("Conv1D", groups=1))),
    "conv-transpose-dilation": (
        in_chain(layer("Conv2DTranspose", dilation_rate=2)),
        in_chain(layer("Conv2DTranspose", dilation_rate=1)),
    ),
    "conv-transpose-output-padding": (transposed(0), transposed(1)),
    "conv3d-transpose-graph": (
        in_chain(layer("Conv3DTranspose")),
        in_chain(layer("Conv2DTranspose")),
    ),
    "conv3d-transpose-wasm": (in_chain(layer("Conv3DTranspose")), in_chain(layer("Conv3D"))),
    "conv1d-causal": (
        in_chain(layer("Conv1D", padding="causal")),
        in_chain(layer("Conv1D", padding="same")),
    ),
    "unknown-for-training": (
        in_chain(layer("Dense", kernel_regularizer={"class_name": "L2", "config": {}})),
        in_chain(layer("Dense", kernel_regularizer={"class_name": "L1L2", "config": {}})),
    ),
    "separable-fields": (
        in_chain(layer("SeparableConv2D", kernel_initializer={"class_name": "GlorotUniform"})),
        in_chain(layer("SeparableConv2D", kernel_initializer=None)),
    ),
    "channels-first-wasm": (
        in_chain(layer("Conv2D", **FIRST)),
        in_chain(layer("Conv2D", data_format="channels_last")),
    ),
    "channels-first-pooling": (
        in_chain(layer("MaxPooling2D", **FIRST)),
        in_chain(layer("GlobalMaxPooling2D", **FIRST)),
    ),
    "channels-first-bias": (
        in_chain(layer("DepthwiseConv2D", use_bias=True, **FIRST)),
        in_chain(layer("DepthwiseConv2D", use_bias=False, **FIRST)),
    ),
    "channels-first-separable": (
        in_chain(layer("SeparableConv2D", **FIRST)),
        in_chain(layer("SeparableConv2D", data_format="channels_last")),
    ),
    "relu-negative-slope": (
        in_chain(layer("ReLU", negative_slope=0.3)),
        in_chain(layer("ReLU", negative_slope=0.0)),
    ),
    "relu-threshold": (
        in_chain(layer("ReLU", threshold=0.2)),
        in_chain(layer("ReLU", threshold=0.0, max_value=6.0)),
    ),
    "elu-alpha": (in_chain(layer("ELU", alpha=0.5)), in_chain(layer("ELU", alpha=1.0))),
    "softmax-axis": (in_chain(layer("Softmax", axis=1)), in_chain(layer("Softmax", axis=3))),
    "unknown-activation": (
        in_chain(layer("Dense", activation={"class_name": "function", "config": "silu"})),
        in_chain(layer("Dense", activation="swish")),
    ),
    "gelu-graph": (
        in_chain(layer("Dense", activation="gelu")),
        in_chain(layer("Dense", activation="relu")),
    ),
    "softsign-graph": (
        in_chain(layer("Activation", activation="softsign")),
        in_chain(layer("Activation", activation="softplus")),
    ),
    "hard-sigmoid-keras3": (
        chain(layer("Dense", activation="hard_sigmoid"), keras=3),
        chain(layer("Dense", activation="hard_sigmoid"), keras=2),
    ),
    "batchnorm-axis": (
        in_chain(layer("BatchNormalization", axis=[1])),
        in_chain(layer("BatchNormalization", axis=[3])),
    ),
    "batchnorm-axis-folded": (
        in_chain(
            layer("Conv2D", "conv", activation="linear"), layer("BatchNormalization", axis=[1])
        ),
        in_chain(layer("Conv2D", "conv", activation="relu"), layer("BatchNormalization", axis=[1])),
    ),
    "layernorm-graph": (
        in_chain(layer("LayerNormalization", axis=[3], epsilon=0.001)),
        in_chain(layer("LayerNormalization", axis=[3], epsilon=1e-6)),
    ),
    "input-dtype": (
        chain(layer("InputLayer", dtype="float64")),
        chain(layer("InputLayer", dtype="float32"), layer("Dense", dtype="float16")),
    ),
    "low-precision": (
        in_chain(
            layer("Dense", dtype={"class_name": "Policy", "config": {"name": "mixed_float16"}})
        ),
        in_chain(layer("Dense", dtype={"class_name": "Policy", "config": {"name": "float32"}})),
    ),
    "bfloat16-graph": (
        in_chain(layer("Dense", dtype={"config": {"name": "mixed_bfloat16"}})),
        in_chain(layer("Dense", dtype={"config": {"name": "mixed_float16"}})),
    ),
    "gru-reset-after": (
        chain(rows(), layer("GRU", reset_after=True)),
        chain(rows(), layer("GRU", reset_after=False)),
    ),
    "recurrent-loop-graph": (
        chain(rows(), layer("SimpleRNN")),
        chain(rows(), layer("SimpleRNN", unroll=True)),
    ),
    "unrolled-rnn-graph-wasm": (
        chain(rows(), layer("SimpleRNN", unroll=True)),
        chain(rows(), layer("SimpleRNN")),
    ),
    "lstm-graph-wasm": (
        chain(rows(), layer("RNN", cell={"class_name": "LSTMCell", "config": {}})),
        chain(rows(), layer("RNN", cell={"class_name": "GRUCell", "config": {}})),
    ),
    "loop-graph": (
        chain(rows(), layer("LSTM", activation="tanh")),
        chain(rows(), layer("LSTM", unroll=True)),
    ),
    "einsum-wasm": (in_chain(layer("MultiHeadAttention")), in_chain(layer("Attention"))),
    "pooling-mask": (
        chain(rows(), layer("Masking", "mask"), layer("GlobalAveragePooling1D")),
        chain(rows(), layer("GlobalAveragePooling1D")),
    ),
}
# What only the context tells, and what is read from a graph's operations.
MORE: dict[str, list[tuple[Description, Description]]] = {
    "dense-tanh-graph": [
        (
            chain(rows(), layer("SimpleRNN", unroll=True)),
            chain(rows(), layer("SimpleRNN", unroll=True, activation="relu")),
        ),
        (
            chain(picture(4), layer("Dense", "d"), layer("Dropout", "o"), TANH),
            chain(picture(4), layer("Dense", "d"), NORM, TANH),
        ),
        (
            graph(node("_FusedMatMul", fused_ops=["BiasAdd", "Tanh"])),
            graph(node("_FusedMatMul", fused_ops=["BiasAdd", "Sigmoid"])),
        ),
    ],
    "hard-swish-graph": [
        (
            graph(node("_FusedConv2D", fused_ops=["BiasAdd", "_FusedHardSwish"])),
            graph(node("_FusedConv2D", fused_ops=["BiasAdd", "Relu6"])),
        )
    ],
    "batchnorm-relu-graph": [
        (
            in_chain(NORM, layer("Dropout", "o"), layer("Activation", "r", activation="relu")),
            in_chain(NORM, layer("ReLU", "r", max_value=6.0)),
        ),
        (
            in_chain(layer("Conv2D", "c", activation="relu"), NORM, layer("ReLU", "r")),
            chain(picture(4), NORM, layer("ReLU", "r")),
        ),
    ],
    "input-dtype": [
        (chain(layer("InputLayer", dtype="uint8")), chain(layer("InputLayer", dtype="int32"))),
        (chain(layer("InputLayer", dtype="int64")), chain(layer("InputLayer", dtype="bool"))),
    ],
    "low-precision": [
        (
            in_chain(layer("Dense", dtype="float16")),
            chain(layer("InputLayer", dtype="float16"), layer("Dense", dtype="float32")),
        )
    ],
    "unknown-activation": [
        (
            in_chain(layer("Dense", activation="exponential")),
            in_chain(layer("Dense", activation={"class_name": "LeakyReLU", "config": {}})),
        )
    ],
    "center-crop-first": [(chain(layer("CenterCrop")), in_chain(FLAT))],
    "flatten-flat": [(chain(picture(784), layer("Flatten")), chain(layer("Flatten")))],
    "reshape-unknown-size": [
        (
            in_chain(layer("Reshape", "r", target_shape=[-1]), layer("Dense")),
            in_chain(layer("Reshape", "r", target_shape=[784]), layer("Dense")),
        )
    ],
    "conv-transpose-output-padding": [(transposed(1, "valid"), transposed(0, "valid"))],
    "narrow-kernel-stride-wasm": [
        (  # a stride of 3 leaves one pixel of 28 beyond, which a kernel of 2 covers
            chain(picture(27, 27, 1), layer("Conv2D", **STEP)),
            chain(picture(28, 28, 1), layer("Conv2D", **STEP)),
        ),
        (
            chain(picture(27, 27, 1), layer("Conv2D", **STEP)),
            chain(picture(27, 27, 1), layer("Conv2D", **STEP | {"kernel_size": 1})),
        ),
        (  # what comes before decides
            in_chain(layer("Conv2D", "a", kernel_size=3, strides=1), layer("Conv2D", **CONV)),
            in_chain(layer("Conv2D", "a", kernel_size=2, strides=1), layer("Conv2D", **CONV)),
        ),
        (
            in_chain(layer("ZeroPadding2D", "p", padding=[[1, 1], [0, 0]]), WIDE),
            in_chain(layer("ZeroPadding2D", "p", padding=[[1, 0], [1, 0]]), WIDE),
        ),
        (strided(28, [1, 3, 4, 4]), strided(28, [3, 3, 4, 4])),
        (strided(28, [1, 3, 4, 4]), strided(27, [1, 3, 4, 4])),
        (strided(28, [1, 3, 4, 4]), strided(None, [1, 3, 4, 4])),
        (strided(28, [1, 3, 4, 4]), strided(28, [1, 1, 4, 4])),
        (strided(29, [1, 3, 4, 4], pooled=True), strided(30, [1, 3, 4, 4], pooled=True)),
    ],
    "channels-first-wasm": [
        (graph(node("Conv2D", data_format="NCHW")), graph(node("Conv2D", data_format="NHWC")))
    ],
    "channels-first-pooling": [
        (graph(node("AvgPool", data_format="NCHW")), graph(node("AvgPool", data_format="NHWC")))
    ],
    "channels-first-bias": [
        (graph(node("BiasAdd", data_format="NCHW")), graph(node("BiasAdd", data_format="NHWC")))
    ],
    "softmax-axis": [
        (
            chain(picture(4), layer("Softmax", axis=[0])),
            chain(picture(4), layer("Softmax", axis=1)),
        )
    ],
    "layernorm-graph": [
        (
            in_chain(layer("LayerNormalization", axis=[1, 2, 3])),
            in_chain(layer("LayerNormalization", axis=[1])),
        ),
        (
            graph(node("FusedBatchNormV3", is_training=True)),
            graph(node("FusedBatchNormV3", is_training=False)),
        ),
    ],
    "recurrent-loop-graph": [
        (
            chain(rows(), layer("LSTM", activation="relu")),
            chain(rows(), layer("LSTM", activation="tanh")),
        ),
        (
            graph(node("Exit", name="end"), node("Identity", "x", "^end")),
            graph(node("Exit", name="end"), node("Identity", "end")),
        ),
    ],
    "lstm-graph-wasm": [
        (
            chain(rows(), layer("RNN", cell=stacked("GRUCell", "LSTMCell"))),
            chain(rows(), layer("RNN", cell=stacked("GRUCell", "GRUCell"))),
        ),
        (
            fused(node("MatMul", "h", "w", name="bias")),
            fused(node("Identity", "b", name="bias")),
        ),
    ],
    "loop-graph": [(graph(node("LoopCond", "x")), graph(node("Less", "x")))],
    "einsum-wasm": [(graph(node("Einsum", "x")), graph(node("MatMul", "x")))],
    "pooling-mask": [
        (
            chain(layer("Embedding", "e", mask_zero=True), layer("GlobalAveragePooling1D")),
            chain(layer("Embedding", "e", mask_zero=False), layer("GlobalAveragePooling1D")),
        )
    ],
}
