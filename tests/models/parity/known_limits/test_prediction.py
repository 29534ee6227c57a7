"""Each row is about the models that it is meant for, and explains what they do."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.formats.architecture.description import Description, of_graph, of_layers
from models.formats.architecture.reader import read
from models.formats.store import SHIPPED
from models.parity.known_limits import LIMITS, explain, formats_of, predict
from tests.models.parity.known_limits.described import (
    chain,
    graph,
    in_chain,
    layer,
    node,
    picture,
    rows,
)
from tests.models.parity.known_limits.rows import HIT_AND_MISS, MORE

ROWS = {row.name: row for row in LIMITS}
PAIRS = [
    (name, hit, miss)
    for name in HIT_AND_MISS
    for hit, miss in (HIT_AND_MISS[name], *MORE.get(name, ()))
]
IDS = [name for name, *_ in PAIRS]


def names(description: Description) -> set[str]:
    return {each.limit.name for each in predict(description)}


def test_every_row_has_a_name_of_its_own_and_is_tried():
    assert len(ROWS) == len(LIMITS)
    assert ROWS.keys() == HIT_AND_MISS.keys()
    assert MORE.keys() <= ROWS.keys()


@pytest.mark.parametrize(("name", "hit", "miss"), PAIRS, ids=IDS)
def test_a_row_is_about_its_model_and_not_about_one_that_is_like_it(name, hit, miss):
    found = [each for each in predict(hit) if each.limit.name == name]
    formats = ROWS[name].formats if hit.format == "keras" else (hit.format,)
    assert tuple(each.format for each in found) == tuple(
        form for form in ("graph", "layers") if form in formats
    )
    assert all(each.layers for each in found)
    assert name not in names(miss)


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: row.name)
def test_a_row_says_what_happens_what_to_do_and_where_to_read_more(row):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row.name)
    assert row.happens.endswith(".") and row.way_out.endswith(".")
    assert re.fullmatch(r"https://github\.com/\S+", row.reference)
    raises = row.effect in ("not converted", "refuses", "needs executeAsync")
    assert row.says or not raises


@pytest.mark.parametrize("form", ["mnist_model.h5", "model_graph", "model_layers"])
def test_nothing_is_known_of_the_shipped_model(form):
    assert predict(read(SHIPPED / form)) == ()


def test_a_prediction_names_the_layers_and_the_backends():
    lstm = chain(rows(), layer("LSTM", "one"), layer("LSTM", "two"))
    (wasm,) = (each for each in predict(lstm) if each.limit.name == "lstm-graph-wasm")
    assert (wasm.format, wasm.backends, wasm.layers) == ("graph", ("wasm",), ("one", "two"))


def test_a_layer_in_a_wrapper_or_in_an_inner_model_is_seen():
    inner = {"class_name": "LSTM", "config": {"name": "deep"}}
    assert "lstm-graph-wasm" in names(chain(rows(), layer("Bidirectional", "b", layer=inner)))
    slope = layer("ReLU", "deep", negative_slope=0.1)
    assert "relu-negative-slope" in names(in_chain(layer("Sequential", "inner", layers=[slope])))


def test_what_is_converted_already_is_not_predicted_to_fail_the_converter():
    model = {"class_name": "Sequential", "config": {"layers": [layer("Conv2D", groups=2)]}}
    found = of_layers("layers", model)
    assert [(each.format, each.limit.name) for each in predict(found)] == [
        ("layers", "conv-groups")
    ]


def test_an_exported_saved_model_becomes_a_graph_and_nothing_else():
    exported = replace(graph(node("Softmax", "x")), format="keras")
    assert formats_of(exported) == ("graph",)
    assert formats_of(chain(rows(), layer("LSTM"))) == ("graph", "layers")


GRU = chain(rows(), layer("GRU", reset_after=True))
LSTM = chain(rows(), layer("LSTM", activation="relu"))
NORM = in_chain(layer("LayerNormalization", axis=[3]))
SLOPE = in_chain(layer("Conv2D", "conv", groups=2), layer("ReLU", negative_slope=0.1))


@pytest.mark.parametrize(
    ("description", "form", "backend", "error", "name"),
    [
        (GRU, "layers", None, "GRUCell does not support reset_after parameter", "gru-reset-after"),
        (GRU, "graph", "cpu", "it has the dynamic op 'Exit'", "loop-graph"),
        (GRU, "layers", None, "out of memory", None),
        (GRU, "graph", None, "GRUCell does not support reset_after parameter", None),
        (LSTM, "graph", "wasm", "_FusedMatMul only supports rank-1 bias", "lstm-graph-wasm"),
        (LSTM, "graph", "cpu", "Cannot compute the outputs [Identity]", "recurrent-loop-graph"),
        (LSTM, "graph", "cpu", "_FusedMatMul only supports rank-1 bias", None),
        (NORM, "graph", "wasm", None, "layernorm-graph"),
        (NORM, "layers", "wasm", None, None),
        (SLOPE, "layers", None, None, "relu-negative-slope"),
        (SLOPE, "layers", None, "Shape mismatch: [3,3,4,8] vs. [3,3,2,8]", "conv-groups"),
        (
            SLOPE,
            "graph",
            None,
            "Unsupported Ops in the model\nPartitionedCall",
            "conv-groups-graph",
        ),
        (SLOPE, "graph", None, "", None),
    ],
)
def test_what_a_lane_did_is_explained_by_a_row_that_fits_both(
    description, form, backend, error, name
):
    assert explain(description, form, error, backend=backend) == name


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["same", "SAME", "NCHW", "tanh", "9" * 20, "²", 10**400, -(10**400)])
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["name", "config", "class_name", "layers", "x"]), inner)
    ),
    max_leaves=6,
)
KEYS = sorted(
    {
        *(
            "axis",
            "activation",
            "recurrent_activation",
            "alpha",
            "batch_input_shape",
            "batch_shape",
        ),
        *("cell", "data_format", "dilation_rate", "dims", "dtype", "epsilon", "groups", "unroll"),
        *("interpolation", "keepdims", "kernel_initializer", "kernel_size", "layer", "mask_zero"),
        *("negative_slope", "output_padding", "padding", "reset_after", "strides", "threshold"),
        *("target_shape", "use_bias", "return_sequences", "recurrent_dropout", "is_training"),
        *("input_layers", "max_value", "output_layers"),
        *("cropping", "height", "ksize", "pool_size", "shape", "size", "width"),
    }
)
MANY = 19_000


def taking(each: dict[str, Any], *sources: str) -> dict[str, Any]:
    """A layer of a functional model."""
    return each | {"inbound_nodes": [[[source, 0, 0, {}] for source in sources]]}


def described(*layers: dict[str, Any]) -> Description:
    stored = [taking(picture()), *layers]
    return of_layers("keras", {"class_name": "Functional", "config": {"layers": stored}}, "2.15")


def in_a_row(kind: str, **config: Any) -> list[dict[str, Any]]:
    names = ["in", *map(str, range(MANY))]
    return [
        taking(layer(kind, name, **config), source) for source, name in itertools.pairwise(names)
    ]


TANH = layer("Activation", "tanh", activation="tanh")
NORMALISED = layer("BatchNormalization", "normalised", axis=[3])
LONG = {
    "convolutions": in_a_row("Conv2D", activation="linear"),
    "normalisations": in_a_row("BatchNormalization", axis=[3]),
    "nothing before many": in_a_row("Dropout")
    + [taking(TANH | {"name": f"tanh{at}"}, str(MANY - 1)) for at in range(900)],
    "a circle before": [
        taking(layer("Dropout", "one"), "other"),
        taking(layer("Dropout", "other"), "one"),
        taking(TANH, "one"),
    ],
    "a circle behind": [
        taking(NORMALISED, "in"),
        taking(layer("Dropout", "one"), "normalised", "other"),
        taking(layer("Dropout", "other"), "one"),
    ],
}


@pytest.mark.timeout(60)  # where each layer looks through all others, it takes hours, or goes round
@pytest.mark.parametrize("layers", LONG.values(), ids=LONG)
def test_many_layers_and_layers_in_a_circle_are_looked_up_at_once(layers):
    assert names(described(*layers)) <= ROWS.keys()


KINDS = sorted(
    {each.kind for pairs in PAIRS for model in pairs[1:] for each in model.layers}
    | {"Permute", "Reshape", "Add", "Embedding", "TimeDistributed"}
)
OPERATIONS = sorted({each.kind for pairs in PAIRS for m in pairs[1:] for each in m.operations})
often = settings(max_examples=300, suppress_health_check=list(HealthCheck))


def assert_is_predicted_or_refused(build: Any, *parts: Any) -> None:
    try:
        description = build(*parts)
    except ValueError as error:
        assert str(error)
        return
    assert all(each.limit.name in ROWS for each in predict(description))


@given(
    layers=st.lists(
        st.tuples(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(KEYS), json_values)),
        max_size=5,
    )
)
@often
def test_any_setting_of_any_layer_gives_predictions_or_a_sentence(layers):
    stored = [layer(kind, str(at)) for at, (kind, _) in enumerate(layers)]
    for each, (_, config) in zip(stored, layers, strict=True):
        each["config"] |= config
    model = {"class_name": "Sequential", "config": {"name": "m", "layers": stored}}
    assert_is_predicted_or_refused(of_layers, "keras", model, "3.0")


@given(
    nodes=st.lists(
        st.tuples(
            st.sampled_from(OPERATIONS),
            st.lists(st.sampled_from(["0", "1", "^0", "1:0", "w"]), max_size=3),
            st.dictionaries(
                st.sampled_from(["strides", "padding", "data_format", "is_training"]), json_values
            ),
        ),
        max_size=4,
    ),
    shape=json_values,
)
@often
def test_any_attribute_of_any_operation_gives_predictions_or_a_sentence(nodes, shape):
    stored = [
        node(kind, *inputs, name=str(at)) | {"attr": attributes}
        for at, (kind, inputs, attributes) in enumerate(nodes)
    ]
    weights = [{"weights": [{"name": "w", "shape": shape}]}]
    assert_is_predicted_or_refused(of_graph, {"node": stored}, weights)
