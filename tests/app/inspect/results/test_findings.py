"""Where lanes diverge, in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.inspect.results import findings
from app.inspect.results.findings import verdict
from app.inspect.run import pairing
from models.bisect.bisection import Bisection
from models.bisect.layer_difference import LayerDifference
from models.lanes import REFERENCE, Lane

GRAPH, WASM = Lane("graph", "tensorflow"), Lane("graph", "tfjs/wasm")
LAYERS = Lane("layers", "tfjs/wasm")


def row(layer: str, far: float, problem: str | None = None) -> LayerDifference:
    return LayerDifference(layer, layer, (1, 2), far, far / 2, 1.0, (0, 1), 1e-5, problem)


def lane(which: Lane, *rows: LayerDifference, suspects: tuple[str, ...] = ()) -> Bisection:
    first = next((each for each in rows if not each.passed), None)
    together = ("conv2", "norm2", "relu2") if first else ()
    return Bisection(which, REFERENCE, rows, first, together, suspects)


def say(*bisections: Bisection, waiting: tuple[Lane, ...] = (), failed: tuple[Lane, ...] = ()):
    return verdict(bisections, waiting=waiting, failed=failed, rtol=1e-5)


def test_lanes_that_agree_are_counted_and_the_farthest_is_named():
    said = say(lane(GRAPH, row("a", 0), row("b", 3e-6)), lane(WASM, row("a", 1e-6)))
    assert said.kind == "agree"
    assert said.headline == "No layer parts: all 2 lanes follow keras @ tensorflow."
    assert "Farthest is b in graph @ tensorflow: 3e-6 of the layer's largest value." in said.detail
    assert "The tolerance is 1e-5" in said.detail


def test_equal_lanes_are_called_equal():
    assert "to the last bit" in say(lane(LAYERS, row("a", 0))).detail


def test_the_first_diverging_layer_is_the_headline():
    said = say(
        lane(GRAPH, row("relu2", 0.1)), lane(WASM, row("relu2", 0.2)), lane(LAYERS, row("relu2", 0))
    )
    assert said.kind == "differ"
    assert said.headline == "graph parts at relu2 on tensorflow and tfjs/wasm."
    assert "differ by up to 20 % of the layer's largest value" in said.detail


def test_reasons_appear_once_per_format_on_all_runtimes():
    suspects = ("conv2/kernel: the numbers differ",)
    bisections = [lane(which, row("relu2", 0.1), suspects=suspects) for which in (GRAPH, WASM)]
    assert findings.reasons([*bisections, lane(LAYERS, row("relu2", 0))]) == [
        "The graph model computes conv2, norm2, relu2 in one operation.",
        "In the graph model, conv2/kernel: the numbers differ.",
    ]


def test_lanes_that_diverge_at_different_layers_are_listed_separately():
    bisections = (lane(GRAPH, row("relu2", 0.1)), lane(WASM, row("relu1", 0.1)))
    said = say(*bisections)
    assert said.headline == "graph parts at relu2 on tensorflow; graph parts at relu1 on tfjs/wasm."
    assert "look at the runtime, tfjs/wasm" in findings.reasons(bisections)[-1]


def test_another_shape_is_named():
    said = say(lane(GRAPH, row("relu2", float("nan"), "its shape is 2 where the reference has 4")))
    assert said.detail == "Its shape is 2 where the reference has 4."


def test_pending_and_failed_lanes_are_named():
    assert say(waiting=(WASM,)).kind == "waiting"
    still = say(lane(GRAPH, row("a", 0)), waiting=(WASM,))
    assert still.kind == "waiting" and "Waiting for graph @ tfjs/wasm." in still.detail
    failed = say(lane(GRAPH, row("a", 0)), failed=(WASM,))
    assert failed.kind == "failed" and "No answer from graph @ tfjs/wasm" in failed.detail
    assert say(failed=(WASM,)).headline == "Nothing to compare."


def test_what_the_conversion_changed_is_counted_in_the_files():
    said = "\n".join(findings.changes(pairing("mnist", "graph", "float32")))
    assert "**29 layers became 14 operations**, matched by their names." in said
    assert "**8 batch normalisations folded**" in said
    assert "116,314 parameters where the layers have 117,274" in said
    assert "**9 operations fused**" in said
    assert "**the same numbers**, but for rounding: 18 arrays" in said


def test_operations_that_cannot_be_looked_at_are_counted():
    mnist = pairing("mnist", "graph", "float32")
    assert "loop" not in "\n".join(findings.changes(mnist))
    parts = tuple(replace(part, hidden=True) for part in mnist.other.parts[:3])
    other = replace(mnist.other, parts=(*parts, *mnist.other.parts[3:]))
    said = "\n".join(findings.changes(replace(mnist, other=other)))
    assert "**3 operations within a loop or a branch**" in said


@pytest.mark.parametrize(
    ("form", "weights", "words"),
    [
        ("layers", "float32", "every one to the last bit"),
        ("layers", "uint8", "holds **other numbers**: of 42 arrays"),
        ("graph", "float16", "holds **other numbers**: of 18 arrays"),
    ],
)
def test_whether_a_form_holds_the_same_numbers(form, weights, words):
    assert words in findings.same_numbers(pairing("mnist", form, weights), "It")


def test_shares_are_percentages_where_that_helps():
    assert [findings.share(each) for each in (0.47, 0.0032, 6.2e-7, 0, 3)] == [
        "47 %",
        "0.32 %",
        "6.2e-7",
        "0",
        "3e0",
    ]


def test_shapes_are_for_one_digit():
    layers = pairing("mnist", "layers", "float32").reference
    outputs = {"conv1": np.zeros((1, 28, 28, 16)).shape, "unknown": (1, 2)}
    assert findings.shapes(outputs, layers) == {"conv1": "28×28×16"}
