from __future__ import annotations

from dataclasses import replace

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
    assert "for this digit by at most **0.1**, over all lanes." in text, "ln 2 of the largest logit"
    assert "explains up to **2.3e\N{NON-BREAKING HYPHEN}5** for this model: 30 times as far" in text
    assert "shares of a digit's largest logit" in text
    assert f"({MANIFEST.size('layers') / 1000:,.0f} kB here)" in text


def test_a_model_without_a_bound_is_said_to_have_a_fixed_tolerance() -> None:
    text = explanation.text([KERAS], replace(MANIFEST, rounding=None))
    assert "The fixed **tolerance** is 1e\N{NON-BREAKING HYPHEN}5" in text
    assert "adding it anew" in text and "30 times" not in text


def test_a_model_of_one_format_has_its_panel() -> None:
    alone = replace(MANIFEST, lanes={"keras": "m.h5", "layers": MANIFEST.lanes["layers"]})
    assert "(not made)" in explanation.text([KERAS], alone)


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
