"""Where lanes diverge, in words."""

from __future__ import annotations

from app.inspect.results import findings
from app.inspect.results.findings import verdict
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
    return verdict(bisections, waiting=waiting, failed=failed, rtol=1e-5, reference=REFERENCE)


def test_lanes_that_agree_are_named_by_their_format_and_the_farthest_by_its_place():
    said = say(lane(GRAPH, row("a", 0), row("b", 3e-6)), lane(WASM, row("a", 1e-6)))
    assert said.kind == "agree"
    assert said.headline == "Nowhere: the graph model follows Keras through every layer."
    assert said.detail == (
        "Farthest is b in the graph model on the server: 0.000003 of the layer's largest value, "
        "where 0.00001 is allowed."
    )


def test_both_formats_are_called_both():
    said = say(lane(GRAPH, row("a", 0)), lane(LAYERS, row("a", 0)))
    assert said.headline == "Nowhere: both formats follow Keras through every layer."


def test_a_version_that_ran_in_one_place_alone_is_named_with_its_place():
    said = say(lane(WASM, row("a", 0)))
    assert said.headline == (
        "Nowhere: the graph model in your browser follows Keras through every layer."
    )


def test_equal_lanes_are_called_equal():
    assert "to the last bit" in say(lane(LAYERS, row("a", 0))).detail


def test_the_first_diverging_layer_is_the_headline():
    said = say(
        lane(GRAPH, row("relu2", 0.1)), lane(WASM, row("relu2", 0.2)), lane(LAYERS, row("relu2", 0))
    )
    assert said.kind == "differ"
    assert said.headline == "At relu2: the graph model parts from Keras there."
    assert "differ by up to 20 % of the layer's largest value" in said.detail


def test_the_first_layer_of_the_network_comes_first_whichever_lane_is_asked_first():
    rounded = [Lane(each.format, each.runtime, "uint8") for each in (GRAPH, LAYERS)]
    said = say(
        lane(rounded[0], row("conv1", 0), row("relu1", 0.1)),
        lane(rounded[1], row("conv1", 0.1), row("relu1", 0.1)),
    )
    assert said.headline == (
        "At conv1: the layers uint8 model parts from Keras there, the graph uint8 model at relu1."
    )


def test_formats_that_part_at_one_layer_are_said_together():
    said = say(lane(GRAPH, row("relu2", 0.1)), lane(LAYERS, row("relu2", 0.1)))
    assert said.headline == "At relu2: both formats part from Keras there."


def test_reasons_appear_once_per_format_on_all_runtimes():
    suspects = ("conv2/kernel: the numbers differ",)
    bisections = [lane(which, row("relu2", 0.1), suspects=suspects) for which in (GRAPH, WASM)]
    assert findings.reasons([*bisections, lane(LAYERS, row("relu2", 0))]) == [
        "The graph model computes conv2, norm2, relu2 in one operation.",
        "In the graph model, conv2/kernel: the numbers differ.",
    ]


def test_lanes_of_a_format_that_diverge_at_different_layers_are_listed_separately():
    bisections = (
        lane(GRAPH, row("relu1", 0), row("relu2", 0.1)),
        lane(WASM, row("relu1", 0.1), row("relu2", 0)),
    )
    assert say(*bisections).headline == (
        "At relu1: the graph model in your browser parts from Keras there, "
        "the graph model on the server at relu2."
    )
    assert "look at the runtime, TensorFlow.js (wasm)" in findings.reasons(bisections)[-1]


def test_another_shape_is_named():
    said = say(lane(GRAPH, row("relu2", float("nan"), "its shape is 2 where the reference has 4")))
    assert said.detail == "Its shape is 2 where the reference has 4."


def test_pending_and_failed_lanes_are_named():
    assert say(waiting=(WASM,)).kind == "waiting"
    still = say(lane(WASM, row("a", 0)), waiting=(GRAPH,))
    assert still.headline == "Nowhere so far: 1 of 2 versions compared."
    assert still.kind == "waiting" and "Waiting for the graph model on the" in still.detail
    failed = say(lane(GRAPH, row("a", 0)), failed=(WASM,))
    assert failed.kind == "failed" and "No answer from the graph model in your" in failed.detail
    assert say(failed=(WASM,)).headline == "Nothing to compare: no two versions answered."


def test_while_only_the_browser_is_waited_for_the_server_s_versions_are_an_answer_of_their_own():
    servers = GRAPH, Lane("layers", "tensorflow")
    waiting = WASM, LAYERS
    said = say(*(lane(each, row("a", 0)) for each in servers), waiting=waiting)
    assert said.kind == "agree" and said.headline == (
        "Nowhere so far: the graph and layers models on the server follow Keras through every "
        "layer."
    )
    assert "Waiting for the graph and layers models in your browser." in said.detail
    parting = say(lane(GRAPH, row("a", 0.1)), lane(servers[1], row("a", 0)), waiting=waiting)
    assert parting.headline == "At a: the graph model on the server parts from Keras there."
    assert "Waiting for" in parting.detail
    alone = say(lane(GRAPH, row("a", 0)), waiting=(WASM,), failed=servers[1:])
    assert alone.kind == "failed" and "Waiting for" in alone.detail
    assert say(waiting=waiting).kind == "waiting"  # the server has nothing but the reference


def test_shares_are_percentages_where_that_helps():
    assert [findings.share(each) for each in (0.47, 0.0032, 6.2e-7, 0, 3)] == [
        "47 %",
        "0.32 %",
        "0.00000062",
        "0",
        "3",
    ]
