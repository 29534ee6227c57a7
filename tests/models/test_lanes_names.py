"""Pages name lanes in one way, in tables and in sentences."""

from __future__ import annotations

import pytest

from models.lanes import KERAS3, REFERENCE, SERVER_LANES, Lane, page_name, spoken

KERAS, GRAPH, LAYERS = SERVER_LANES
IN_BROWSER = [Lane("graph", "tfjs/webgl"), Lane("layers", "tfjs/webgl")]


@pytest.mark.parametrize(
    ("lane", "reference", "name"),
    [
        (KERAS, REFERENCE, "Keras, the original"),
        (Lane("keras", KERAS3), Lane("keras", KERAS3), "Keras, the original"),
        (KERAS, LAYERS, "Keras, on the server"),
        (GRAPH, REFERENCE, "graph, on the server"),
        (IN_BROWSER[1], REFERENCE, "layers, in your browser"),
        (LAYERS, LAYERS, "layers, on the server"),
        (Lane("graph", "tfjs/wasm", "uint8"), REFERENCE, "graph uint8, in your browser"),
    ],
)
def test_a_table_has_a_name_for_every_lane(lane, reference, name):
    assert page_name(lane, reference) == name


@pytest.mark.parametrize(
    ("lanes", "words"),
    [
        ([], ""),
        ([KERAS], "the original"),
        (IN_BROWSER[:1], "the graph model in your browser"),
        (IN_BROWSER, "the graph and layers models in your browser"),
        ([GRAPH, IN_BROWSER[0]], "the graph model on the server and in your browser"),
        ([KERAS, GRAPH], "the original and the graph model on the server"),
        ([KERAS, *IN_BROWSER], "the original, and the graph and layers models in your browser"),
        (
            [GRAPH, IN_BROWSER[1]],
            "the graph model on the server and the layers model in your browser",
        ),
        ([*IN_BROWSER, *IN_BROWSER], "the graph and layers models in your browser"),
    ],
)
def test_a_sentence_names_lanes_together(lanes, words):
    assert spoken(lanes, REFERENCE) == words
