"""The table's rows about sequences: recurrent layers, attention, masks, loops in graphs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models.formats.architecture.description import Description, Layer, Operation
from models.parity.known_limits.conditions import either, has, layer, operation
from models.parity.known_limits.limit import ISSUES, LAYERS, TFJS, Limit

_HANDED_ON = ("Identity", "Enter")


def _unrolled(each: Layer) -> bool:
    return each.config.get("unroll") is True


def _plain_loop(each: Layer) -> bool:
    """Whether tf_keras loops over the layer's cell, and not over its formula for GPUs."""
    config = each.config
    fast = (
        each.kind in ("LSTM", "GRU")
        and config.get("activation", "tanh") == "tanh"
        and config.get("recurrent_activation", "sigmoid") == "sigmoid"
        and not config.get("recurrent_dropout")
        and config.get("use_bias", True) is True
        and (each.kind == "LSTM" or config.get("reset_after", True) is True)
    )
    return not fast and not _unrolled(each)


def _fast_loop(each: Layer) -> bool:
    return not _plain_loop(each) and not _unrolled(each)


def _lstm_cell(each: Layer) -> bool:
    """Whether an RNN has an LSTMCell, alone or among others."""
    cell: Any = each.config.get("cell")
    inner = cell.get("config") if isinstance(cell, dict) else None
    stacked = inner.get("cells") if isinstance(inner, dict) else None
    cells = [cell, *(stacked if isinstance(stacked, list) else ())]
    return any(isinstance(one, dict) and one.get("class_name") == "LSTMCell" for one in cells)


def _held_back_by_loops(description: Description) -> Iterator[str]:
    """Operations that wait for the end of a loop without taking its result."""
    exits = {each.name for each in description.operations if each.kind == "Exit"}
    for each in description.operations:
        if any(name.startswith("^") and name[1:] in exits for name in each.inputs):
            yield each.name


def _computed_biases(description: Description) -> Iterator[str]:
    """Fused matrix multiplications whose bias is the result of another multiplication."""
    named = {each.name: each for each in description.operations}
    for each in description.operations:
        if each.kind != "_FusedMatMul" or len(each.inputs) < 3:
            continue
        bias: Operation | None = named.get(each.inputs[2].partition(":")[0])
        for _ in range(8):  # past what only hands on, in a file that may go round in circles
            if bias is not None and bias.kind in _HANDED_ON and bias.inputs:
                bias = named.get(bias.inputs[0].partition(":")[0])
        if bias is not None and bias.kind in ("MatMul", "_FusedMatMul"):
            yield each.name


def _masked_pooling(description: Description) -> Iterator[str]:
    masks = either(layer("Masking"), layer("Embedding", where=has("mask_zero", True)))
    if any(masks(description)):
        yield from layer("GlobalAveragePooling1D")(description)


ROWS = (
    Limit(
        name="gru-reset-after",
        what="GRU with reset_after, which is its default",
        formats=("layers",),
        effect="refuses",
        happens="TensorFlow.js does not load the model.",
        way_out="Ship the graph model, which executeAsync runs, or train with reset_after=False.",
        reference=ISSUES + "4621",
        says="reset_after",
        when=layer("GRU", "GRUCell", where=lambda each: each.config.get("reset_after") is True),
    ),
    Limit(
        name="recurrent-loop-graph",
        what="SimpleRNN, RNN or ConvLSTM, a GRU with reset_after=False, or an LSTM or GRU with "
        "other activations or without a bias",
        formats=("graph",),
        effect="refuses",
        happens="The output waits for parts of a loop that TensorFlow.js never hands on: it "
        "gives no answer, by executeAsync neither.",
        way_out="Ship the layers model where it loads, build a GRU with unroll=True, or "
        "convert with --control_flow_v2=True, which executeAsync() runs on cpu, and not on wasm.",
        reference=ISSUES + "4350",
        says="Cannot compute the outputs",
        when=either(
            layer("SimpleRNN", "RNN", "LSTM", "GRU", where=_plain_loop),
            layer("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"),
            _held_back_by_loops,
        ),
    ),
    Limit(
        name="lstm-graph-wasm",
        what="LSTM",
        formats=("graph",),
        backends=("wasm",),
        effect="refuses",
        happens="The converter fuses the sum of two products into _FusedMatMul, which the wasm "
        "backend only runs with a bias of one axis.",
        way_out="Ship the layers model, which is right, use another backend, or convert with "
        "--control_flow_v2=True, which wasm runs too.",
        reference=TFJS + "tfjs-backend-wasm/src/kernels/_FusedMatMul.ts",
        says="only supports rank-1 bias",
        when=either(layer("LSTM"), layer("RNN", where=_lstm_cell), _computed_biases),
    ),
    Limit(
        name="unrolled-rnn-graph-wasm",
        what="SimpleRNN with unroll=True",
        formats=("graph",),
        backends=("wasm",),
        effect="refuses",
        happens="The converter fuses the sum of two products into _FusedMatMul, which the wasm "
        "backend only runs with a bias of one axis.",
        way_out="Ship the layers model, which is right.",
        reference=TFJS + "tfjs-backend-wasm/src/kernels/_FusedMatMul.ts",
        says="only supports rank-1 bias",
        when=layer("SimpleRNN", where=_unrolled),
    ),
    Limit(
        name="loop-graph",
        what="a loop or a choice in the graph, as of LSTM, GRU and CenterCrop",
        formats=("graph",),
        effect="needs executeAsync",
        happens="predict() and execute() refuse the model; executeAsync() answers rightly.",
        way_out="Call model.executeAsync().",
        reference=ISSUES + "7564",
        says="dynamic op",
        when=either(
            layer("LSTM", "GRU", where=_fast_loop),
            layer("CenterCrop"),
            operation(*("LoopCond", "Switch", "While", "StatelessWhile", "If", "StatelessIf")),
        ),
    ),
    Limit(
        name="einsum-wasm",
        what="MultiHeadAttention or EinsumDense",
        formats=("graph",),
        backends=("wasm",),
        effect="refuses",
        happens="The wasm backend does not have the operation Einsum.",
        way_out="Use another backend.",
        reference=ISSUES + "7439",
        says="Kernel 'Einsum' not registered",
        when=either(layer("MultiHeadAttention", "EinsumDense"), operation("Einsum")),
    ),
    Limit(
        name="pooling-mask",
        what="GlobalAveragePooling1D behind Masking, or an Embedding with mask_zero",
        formats=("layers",),
        effect="ignores a setting",
        happens="TensorFlow.js averages over the masked steps too: the answers are wrong.",
        way_out="Ship the graph model, which is right.",
        reference=LAYERS + "layers/pooling.ts",
        when=_masked_pooling,
    ),
)
