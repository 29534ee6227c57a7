"""Python and JavaScript know the same formats and backends, and pages name lanes in one way."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from models.lanes import (
    BACKENDS,
    CONVERTED,
    FORMATS,
    KERAS3,
    REFERENCE,
    SERVER_LANES,
    SETTINGS,
    Lane,
    page_name,
    spoken,
)

KERAS, GRAPH, LAYERS = SERVER_LANES
IN_BROWSER = [Lane("graph", "tfjs/webgl"), Lane("layers", "tfjs/webgl")]
ROOT = Path(__file__).resolve().parents[2]


def list_in(module: str, name: str) -> list[str]:
    """The strings of the only list of this name in a JavaScript module."""
    text = (ROOT / module).read_text("utf-8")
    (found,) = re.findall(rf"^export const {name} = \[(.*?)\];$", text, re.MULTILINE | re.DOTALL)
    return re.findall(r"'(\w+)'", found)


def test_every_format_but_the_references_is_converted() -> None:
    assert [*FORMATS] == ["keras", *CONVERTED]


@pytest.mark.parametrize("module", ["app/frontend/tfjs.js", "models/tfjs/src/lanes.js"])
def test_the_browsers_formats_are_the_converted_ones(module: str) -> None:
    assert list_in(module, "FORMATS") == [*CONVERTED]


def test_the_browsers_backends_are_those_of_the_lanes() -> None:
    # The browser's are in order of preference.
    assert sorted(list_in("models/tfjs/src/backends.js", "BACKENDS")) == sorted(BACKENDS)


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


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_lane_of_a_browser_that_is_set_otherwise_keeps_its_backend(setting: str) -> None:
    backend = SETTINGS[setting]
    lane = Lane("graph", f"tfjs/{backend}+{setting}")
    assert Lane.parse(str(lane)) == lane
    assert (lane.backend, lane.setting, lane.in_browser) == (backend, setting, True)
    assert (Lane("graph", f"tfjs/{backend}").setting) == ""


@pytest.mark.parametrize(
    "runtime", ["tfjs/webgl+4threads", "tfjs/wasm+", "tfjs/+f16", "tfjs/cpu+f16"]
)
def test_a_setting_of_another_backend_is_no_lane(runtime: str) -> None:
    with pytest.raises(ValueError, match="is not a lane"):
        Lane.parse(f"graph @ {runtime}")
