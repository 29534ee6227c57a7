"""The Inspect page's charts, drawn by Vega."""

from __future__ import annotations

import re

import pytest

from app.inspect.results import chart_specs
from app.ui.chart_theme import CONFIG
from app.upload.results import svg_charts

LANES = ("graph @ tensorflow", "layers @ tfjs/wasm")


def row(lane: str, layer: str, shown: float) -> dict[str, object]:
    return {"lane": lane, "layer": layer, "shown": shown, "relative": shown, "beyond": shown > 1e-5}


@pytest.mark.parametrize("rows", [[], [row(LANES[0], "conv1", 1e-7), row(LANES[1], "conv1", 1e-3)]])
def test_each_layer_of_a_lane_is_a_mark_beside_one_line_for_the_tolerance(rows):
    spec = chart_specs.depth_spec(LANES, ("pixels", "conv1"), 1e-5, is_empty=not rows)
    shown = {**spec, "width": 400, "config": CONFIG, "data": {"values": rows}}
    svg = svg_charts.draw(shown)
    assert svg.count('stroke-dasharray="5,4"') == 1
    assert svg.count('aria-roledescription="point"') == len(rows)
    assert svg.count(">×<") == len(rows) // 2
    images = re.findall("<[^>]*graphics-symbol[^>]*>", svg)
    assert [each for each in images if "aria-label" not in each] == [], "each has a name"


def test_a_stored_form_is_a_mark_with_its_label():
    spec = chart_specs.sizes_spec(("keras", "graph uint8"))
    rows = [
        {"form": "keras", "weights": "float32", "kilobytes": 9, "shown": 1e-9, "label": "keras"},
        {"form": "graph uint8", "weights": "uint8", "kilobytes": 3, "shown": 1e-3, "label": "gr"},
    ]
    data = {"values": [each | {"place": 0} for each in rows]}
    svg = svg_charts.draw({**spec, "width": 400, "config": CONFIG, "data": data})
    assert svg.count('aria-roledescription="point"') == 2
    assert ">keras<" in svg and ">gr<" in svg


def test_how_all_operations_names_begin_is_left_out_of_the_axis():
    operations = (
        "input_1",
        "StatefulPartitionedCall/net/conv/Relu",
        "StatefulPartitionedCall/net/out",
    )
    spec = chart_specs.depth_spec(LANES, operations, 1e-5)
    rows = [row(LANES[0], name, 1e-7) for name in operations]
    svg = svg_charts.draw({**spec, "width": 400, "config": CONFIG, "data": {"values": rows}})
    assert all(f">{label}<" in svg for label in ("input_1", "conv/Relu", "out"))


def test_layers_names_are_shown_as_they_are():
    assert chart_specs.scope(("pixels", "conv1", "a/b", "c/d")) == ""
