"""What was found, in sentences: from made-up judgements."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.lanes import Lane
from models.parity import conclusion
from models.parity.judgement import Judgement

KERAS, LAYERS = Lane("keras", "tensorflow"), Lane("layers", "tensorflow")


def passed(form, runtime="tfjs/wasm"):
    return Judgement(Lane(form, runtime), "passed", None, 3e-7, 1e-5, 1.0, (0, 0))


def differs(form, distance=0.31):
    return Judgement(Lane(form, "tfjs/wasm"), "differs", "off", distance, 1e-5, 0.5, (0, 0))


def unable(form, runtime="tfjs/wasm"):
    return Judgement(Lane(form, runtime), "cannot run", "Unknown layer")


def unjudged(form):
    return Judgement(Lane(form, "tfjs/wasm"), "cannot be judged", "why", 0.1, 2.2, 1.0, (0, 0))


def test_lanes_that_cannot_be_judged_neither_pass_nor_fail():
    lanes = [unjudged("graph"), unjudged("layers"), unable("layers", "tfjs/cpu")]
    said = conclusion.outcome(lanes, KERAS)
    assert said.startswith("NOT JUDGED: rounding alone may change what this model answers comp")
    assert "graph @ tfjs/wasm, layers @ tfjs/wasm. 1 cannot run: layers @ tfjs/cpu." in said
    assert conclusion.outcome([*lanes, differs("graph")], KERAS).startswith("FAILED: 1 of 3 lanes")
    figures = conclusion.figures(lanes, KERAS, 0.07)
    assert figures.endswith("from the answers it cannot be told whether they compute the same.")


ANOTHER_NUMBER_OF_CLASSES = differs("graph", None)


@pytest.mark.parametrize(
    "judgements, reference, end",
    [
        ([passed("graph"), passed("layers")], KERAS, "the conversion kept your model."),
        ([passed("graph"), unable("layers")], KERAS, "the conversion to graph kept your model."),
        (
            [passed("graph"), unable("layers"), passed("layers", "tensorflow")],
            KERAS,
            "the conversion to graph kept your model.",
        ),
        (
            [unable("graph", "tensorflow"), passed("graph"), passed("layers")],
            KERAS,
            "the conversion kept your model.",
        ),
        (
            [differs("graph"), passed("layers")],
            KERAS,
            "the conversion to graph did not keep your model.",
        ),
        (
            [ANOTHER_NUMBER_OF_CLASSES, passed("layers")],
            KERAS,
            "the conversion to graph did not keep your model.",
        ),
        (
            [passed("graph"), passed("layers")],
            LAYERS,
            "they compute the same, whatever the original did.",
        ),
        (
            [differs("graph"), passed("layers")],
            LAYERS,
            "the graph model computes something else.",
        ),
    ],
)
def test_it_is_said_which_conversions_kept_the_model(judgements, reference, end):
    assert conclusion.figures(judgements, reference, 1e-7).endswith(f": {end}")


def test_a_lane_with_another_number_of_classes_is_one_that_was_compared():
    said = conclusion.outcome([ANOTHER_NUMBER_OF_CLASSES], KERAS)
    assert said == (
        "FAILED: 1 of 1 lanes do not answer like keras @ tensorflow: graph @ tfjs/wasm."
    )


@pytest.mark.parametrize(
    "graph, layers, end",
    [
        (
            "layernorm-graph",
            None,
            "Ship the layers model, which is right, or train with an epsilon ",
        ),
        ("layernorm-graph", "unknown-layer", "wasm. Train with an epsilon of 1e-5."),
        ("gelu-graph", "unknown-layer", "The layers model, the way out elsewhere, does not pass"),
    ],
)
def test_no_way_out_is_a_format_that_does_not_pass_either(graph, layers, end):
    other = replace(unable("layers"), limit=layers) if layers else passed("layers")
    said = conclusion.limits([replace(differs("graph"), limit=graph), other])
    assert end in said[0]
