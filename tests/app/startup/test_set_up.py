"""What is made once at set-up is there at the next start, and made later where it was not."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.draw.results import chart_specs
from app.startup import set_up
from app.web import packed_assets
from models.formats import store
from models.lanes import BACKENDS


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The models whose charts were specified by a process of their own."""
    models: list[str] = []

    def elsewhere(model: str) -> str:
        models.append(model)
        return json.dumps({backend: f"{model} on {backend}" for backend in BACKENDS})

    monkeypatch.setattr(chart_specs, "_made_elsewhere", elsewhere)
    monkeypatch.setattr(chart_specs, "KEPT", tmp_path / "charts")
    monkeypatch.setattr(packed_assets, "_PACKED", tmp_path / "streamlit")
    chart_specs._specs.cache_clear()
    yield models
    chart_specs._specs.cache_clear()


def started_again() -> None:
    chart_specs._specs.cache_clear()


def test_a_set_up_server_specifies_no_charts_and_packs_nothing(made, tmp_path):
    set_up.main()
    assert made == store.names()
    assert list((tmp_path / "streamlit").rglob("*.js.gz"))
    started_again()
    assert chart_specs.specs(store.DEFAULT, "wasm") == f"{store.DEFAULT} on wasm"
    assert made == store.names()


def test_charts_are_specified_anew_when_what_makes_them_has_changed(made, monkeypatch):
    chart_specs.specs(store.DEFAULT, "wasm")
    started_again()
    monkeypatch.setattr(chart_specs, "_code", lambda: "other code")
    chart_specs.specs(store.DEFAULT, "wasm")
    assert made == [store.DEFAULT] * 2


def test_every_module_that_the_charts_are_made_with_is_among_what_makes_them():
    reached, waiting = set(), ["draw.results.charts", "ui.chart_theme"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        tree = ast.parse((chart_specs._APP / f"{name.replace('.', '/')}.py").read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app"):
                _, _, module = (node.module or "").partition(".")
                inside = (chart_specs._APP / module.replace(".", "/")).is_dir()
                used = [f"{module}.{each.name}" for each in node.names] if inside else [module]
                waiting += [each for each in used if each not in reached]
    assert reached <= set(chart_specs.MADE_BY)


def test_a_file_that_was_cut_off_is_made_anew(made, tmp_path):
    chart_specs.specs(store.DEFAULT, "wasm")
    started_again()
    (kept,) = (tmp_path / "charts").iterdir()
    kept.write_text(kept.read_text()[:20])
    for _ in range(2):
        assert chart_specs.specs(store.DEFAULT, "wasm") == f"{store.DEFAULT} on wasm"
        started_again()
    assert made == [store.DEFAULT] * 2


def test_where_nothing_can_be_written_each_start_specifies_them(made, tmp_path):
    (tmp_path / "charts").write_text("a file where the folder should be")
    for _ in range(2):
        assert chart_specs.specs(store.DEFAULT, "cpu") == f"{store.DEFAULT} on cpu"
        started_again()
    assert made == [store.DEFAULT] * 2


def test_the_process_gives_every_backends_charts():
    found = json.loads(chart_specs._made_elsewhere(store.DEFAULT))
    assert list(found) == list(BACKENDS)
    assert all(json.loads(each).keys() == chart_specs.CHARTS.keys() for each in found.values())
