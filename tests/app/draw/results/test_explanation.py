from __future__ import annotations

from app.draw.results import explanation
from models.formats import store
from models.lanes import REFERENCE, Lane, LaneResult, Times
from tests.app.conftest import probabilities

MANIFEST = store.manifest("mnist")
KERAS = LaneResult(REFERENCE, "digit", probabilities(7))
GRAPH, LAYERS = Lane("graph", "tfjs/wasm"), Lane("layers", "tfjs/wasm")


def test_the_panel_quotes_this_visitors_times() -> None:
    results = [
        KERAS,
        LaneResult(GRAPH, "digit", probabilities(7), Times(30.0, 12.0, (0.2, 0.3, 0.4))),
        LaneResult(LAYERS, "digit", probabilities(7, 0.98), Times(70.0, 9.0, (0.5,))),
    ]
    text = explanation.text(results, MANIFEST)
    assert "the graph model took **42 ms** and the layers model **79 ms**" in text
    assert "**0.3 ms** and **0.5 ms** (medians)" in text
    assert "at most **0.01**" in text or "at most **1e" in text
    assert f"({MANIFEST.size('layers') / 1000:,.0f} kB here)" in text


def test_without_answers_the_panel_quotes_no_figure() -> None:
    text = explanation.text([], MANIFEST)
    assert "draw a digit to see by how much" in text
    assert "In your browser just now" not in text


def test_a_browser_lane_that_failed_is_not_quoted() -> None:
    results = [
        KERAS,
        LaneResult(GRAPH, "digit", error="gone"),
        LaneResult(LAYERS, "digit", probabilities(7), Times(70.0, 9.0, (0.5,))),
    ]
    assert "In your browser just now" not in explanation.text(results, MANIFEST)
