"""Which format to ship: by the answers, then by speed once that is stable, else by the sizes."""

from __future__ import annotations

import pytest

from models.lanes import REFERENCE, LaneResult
from models.parity.advice.shipping import Words, ship
from models.parity.apart import compared
from models.parity.judgement import ByRule
from tests.models.parity.test_verdict import BOUND, GRAPH, LAYERS, five, nan, result

SIZES = {"graph": 481_304, "layers": 486_291}
FAST = (1.1, 1.2, 1.0, 1.3, 1.1, 0.9, 1.05, 1.1, 1.15, 1.1)
SLOW = tuple(each * 1.4 + 0.001 * at for at, each in enumerate(FAST))
AS_FAST = tuple(each * 1.01 for each in FAST)


def advised(graph, layers, sizes=SIZES, **words):
    results = [*five()[:3], graph, layers]
    judged = compared(results, REFERENCE, BOUND)
    return ship(results, judged, BOUND, sizes, Words(**words))


def unable(lane, why):
    return LaneResult(lane, "id", error=why)


def test_the_faster_format_is_shipped_with_both_figures():
    found = advised(result(GRAPH, steady=FAST), result(LAYERS, steady=SLOW))
    assert found.advice == "Ship the graph model on WebAssembly."
    assert found.why == (
        "Same answers, 1.1 ms a digit against 1.5 ms for layers, 481 kB to load against 486 kB."
    )
    assert found.faster == "graph"
    turned = advised(result(GRAPH, steady=SLOW), result(LAYERS, steady=FAST), thing="picture")
    assert turned.advice == "Ship the layers model on WebAssembly." and turned.faster == "layers"
    assert "1.1 ms a picture against 1.5 ms for graph, 486 kB to load against 481 kB" in turned.why


def test_of_two_as_fast_the_graph_model_is_shipped_unless_it_is_much_larger():
    lanes = result(GRAPH, steady=FAST), result(LAYERS, steady=AS_FAST)
    found = advised(*lanes)
    assert found.advice == "Ship the graph model on WebAssembly." and found.faster == "neither"
    assert found.why.startswith("Same answers, as fast as layers (1.1 ms a digit), 481 kB to load")
    larger = advised(*lanes, sizes={"graph": 600_000, "layers": 486_291})
    assert larger.advice == "Ship the layers model on WebAssembly."


def test_until_speed_is_stable_the_page_says_what_it_would_take():
    found = advised(result(GRAPH, steady=FAST[:4]), result(LAYERS, steady=SLOW[:4]))
    assert found.advice == "Either format can be shipped." and found.faster == "unknown"
    assert found.why == (
        "Same answers, 481 kB to load for graph, 486 kB for layers. Which is faster takes a few "
        "more digits to tell, or the Benchmark page."
    )


def test_what_was_said_stands_until_times_contradict_it():
    near = result(GRAPH, steady=FAST), result(LAYERS, steady=AS_FAST)
    assert advised(*near, faster="graph").faster == "graph"
    assert advised(*near, faster="layers").faster == "neither"
    assert advised(*near, faster="neither").faster == "neither"
    far = result(GRAPH, steady=FAST), result(LAYERS, steady=SLOW)
    assert advised(*far, faster="layers").faster == "graph"


def test_a_backend_that_the_visitor_chose_is_not_recommended():
    lanes = result(GRAPH, steady=FAST), result(LAYERS, steady=SLOW)
    found = advised(*lanes, is_chosen=True)
    assert found.advice == "Ship the graph model."
    assert "1.1 ms a digit on WebAssembly against 1.5 ms for layers" in found.why


def test_where_one_format_differs_the_other_is_shipped():
    found = advised(result(GRAPH, digit=1, steady=FAST), result(LAYERS, steady=SLOW))
    assert found.advice == "Ship the layers model on WebAssembly."
    assert found.why == (
        "The graph model answers differently in TensorFlow.js, by 2. 1.5 ms a digit, 486 kB to "
        "load."
    )


@pytest.mark.parametrize(
    ("layers", "why"),
    [
        (
            unable(
                LAYERS,
                "The layers model (model_layers/model.json) could not be loaded: Unknown layer: "
                "Attention. This may be",
            ),
            "The layers model cannot be loaded by TensorFlow.js: it has no layer Attention.",
        ),
        (nan(LAYERS), "The layers model gives NaN in TensorFlow.js."),
    ],
)
def test_where_one_format_gives_no_answer_the_other_is_shipped(layers, why):
    found = advised(result(GRAPH, steady=FAST), layers)
    assert found.advice == "Ship the graph model on WebAssembly."
    assert found.why == f"{why} 1.1 ms a digit, 481 kB to load."


def test_where_both_differ_neither_is_shipped():
    found = advised(result(GRAPH, digit=1), result(LAYERS, shift=-1e-2))
    assert found.advice == "Ship neither format."
    assert "The graph model" in found.why and "The layers model" in found.why


def test_a_browser_that_runs_nothing_says_nothing_of_the_formats():
    why = "TensorFlow.js is not installed on this server; its log says why."
    found = advised(unable(GRAPH, why), unable(LAYERS, why))
    assert found.advice == "Nothing can be recommended."
    assert found.why.endswith("TensorFlow.js is not installed on this server; its log says why.")


def test_a_format_alone_is_shipped_if_it_answers_like_the_original():
    def alone(layers):
        results = [five()[0], five()[2], layers]
        return ship(results, compared(results, REFERENCE, BOUND), BOUND, SIZES)

    found = alone(result(LAYERS, steady=FAST))
    assert found.advice == "Ship the layers model on WebAssembly."
    assert found.why == "1.1 ms a digit, 486 kB to load."
    assert alone(result(LAYERS, digit=1)).advice == "Do not ship it."


def test_what_cannot_be_judged_is_not_advised_against():
    coarse = ByRule("softmax", 2.2)
    results = [*five()[:3], result(GRAPH), result(LAYERS)]
    found = ship(results, compared(results, REFERENCE, coarse), coarse, SIZES)
    assert found.advice == "Nothing is recommended: these answers cannot be judged."
    assert found.why == "Rounding alone may change them."
