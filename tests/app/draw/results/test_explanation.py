from __future__ import annotations

from app.draw.results import explanation
from models.formats import store
from models.lanes import REFERENCE, Lane, LaneResult, Times
from tests.app.conftest import probabilities

MANIFEST = store.manifest("mnist")
KERAS = LaneResult(REFERENCE, "digit", probabilities(7))
GRAPH, LAYERS = Lane("graph", "tfjs/wasm"), Lane("layers", "tfjs/wasm")


def test_the_panel_quotes_what_this_visitor_measured() -> None:
    found = [
        KERAS,
        LaneResult(GRAPH, "digit", probabilities(7), Times(30.0, 12.0, (0.2, 0.3, 0.4))),
        LaneResult(LAYERS, "digit", probabilities(7, 0.98), Times(70.0, 9.0, (0.5,))),
    ]
    said = explanation.text(found, MANIFEST)
    assert "the graph model took **42 ms** and the layers model **79 ms**" in said
    assert "**0.3 ms** and **0.5 ms** (medians)" in said
    assert "at most **0.01**" in said or "at most **1e" in said
    assert f"({MANIFEST.size('layers') / 1000:,.0f} kB here)" in said


def test_without_answers_the_panel_promises_no_figure() -> None:
    said = explanation.text([], MANIFEST)
    assert "draw a digit to see by how much" in said
    assert "In your browser just now" not in said


def test_a_browser_lane_that_failed_is_not_quoted() -> None:
    found = [
        KERAS,
        LaneResult(GRAPH, "digit", error="gone"),
        LaneResult(LAYERS, "digit", probabilities(7), Times(70.0, 9.0, (0.5,))),
    ]
    assert "In your browser just now" not in explanation.text(found, MANIFEST)
