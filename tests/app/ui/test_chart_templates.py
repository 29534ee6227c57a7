"""The committed templates are up to date, and their places are filled."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

from app.ui import chart_parts, chart_templates

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted(ROOT.glob("app/*/results/charts.json"))


def test_make_charts_makes_the_charts_of_every_page() -> None:
    assert [file.parts[-3] for file in FILES] == ["benchmark", "draw", "inspect", "upload"]
    makefile = (ROOT / "Makefile").read_text()
    for file in FILES:
        assert f"-m app.{file.parts[-3]}.results.charts\n" in makefile


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_the_committed_charts_are_up_to_date(file: Path) -> None:
    module = importlib.import_module(f"app.{file.parts[-3]}.results.charts")
    current = chart_parts.text(module.charts())
    assert file.read_text("utf-8") == current, "Out of date. Run: make charts"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "charts.json"
    chart = {
        "encoding": {"color": {"scale": {"domain": "$lanes", "range": "$colours"}}},
        "layer": [{"mark": "rule", "encoding": {"x": {"datum": "$rtol"}}}, {"height": 3}],
    }
    file.write_text(json.dumps({"one": chart}))
    return file


def test_every_place_gets_its_value_and_the_template_is_unchanged(template: Path) -> None:
    lanes = ["graph @ tfjs/wasm", "$rtol"]
    for rtol in (1e-5, 1e-3):
        places = {"lanes": lanes, "colours": ["red", "blue"], "rtol": rtol}
        assert chart_templates.spec(template, "one", places) == {
            "encoding": {"color": {"scale": {"domain": lanes, "range": ["red", "blue"]}}},
            "layer": [{"mark": "rule", "encoding": {"x": {"datum": rtol}}}, {"height": 3}],
        }


def test_a_place_without_a_value_is_an_error(template: Path) -> None:
    with pytest.raises(KeyError, match="rtol"):
        chart_templates.spec(template, "one", {"lanes": [], "colours": []})


def test_a_lane_has_its_colour_and_shape() -> None:
    places = chart_templates.lane_places(["keras @ tensorflow", "keras @ tfjs/wasm"])
    assert places["shapes"] == ["square", "circle"]
    assert len(set(places["colours"])) == 1
