"""What is made once at set-up is there at the next start, and made later where it was not."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import plots, set_up, streamlit_files
from models import store
from models.lanes import BACKENDS


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The models whose charts were specified by a process of their own."""
    models: list[str] = []

    def elsewhere(model: str) -> str:
        models.append(model)
        return json.dumps({backend: f"{model} on {backend}" for backend in BACKENDS})

    monkeypatch.setattr(plots, "_made_elsewhere", elsewhere)
    monkeypatch.setattr(plots, "KEPT", tmp_path / "charts")
    monkeypatch.setattr(streamlit_files, "_PACKED", tmp_path / "streamlit")
    plots._specs.cache_clear()
    yield models
    plots._specs.cache_clear()


def started_again() -> None:
    plots._specs.cache_clear()


def test_a_set_up_server_specifies_no_charts_and_packs_nothing(made, tmp_path):
    set_up.main()
    assert made == store.names()
    assert list((tmp_path / "streamlit").rglob("*.js.gz"))
    started_again()
    assert plots.specs(store.DEFAULT, "wasm") == f"{store.DEFAULT} on wasm"
    assert made == store.names()


def test_charts_are_specified_anew_when_what_makes_them_has_changed(made, monkeypatch):
    plots.specs(store.DEFAULT, "wasm")
    started_again()
    monkeypatch.setattr(plots, "_code", lambda: "other code")
    plots.specs(store.DEFAULT, "wasm")
    assert made == [store.DEFAULT] * 2


def test_every_module_that_the_charts_are_made_with_is_among_what_makes_them():
    reached, waiting = set(), ["charts", "chart_look"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        tree = ast.parse(Path(plots.__file__).with_name(f"{name}.py").read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app"):
                _, _, module = (node.module or "").partition(".")
                used = [module] if module else [each.name for each in node.names]
                waiting += [each for each in used if each not in reached]
    assert reached <= set(plots.MADE_BY)


def test_a_file_that_was_cut_off_is_made_anew(made, tmp_path):
    plots.specs(store.DEFAULT, "wasm")
    started_again()
    (kept,) = (tmp_path / "charts").iterdir()
    kept.write_text(kept.read_text()[:20])
    for _ in range(2):
        assert plots.specs(store.DEFAULT, "wasm") == f"{store.DEFAULT} on wasm"
        started_again()
    assert made == [store.DEFAULT] * 2


def test_where_nothing_can_be_written_each_start_specifies_them(made, tmp_path):
    (tmp_path / "charts").write_text("a file where the folder should be")
    for _ in range(2):
        assert plots.specs(store.DEFAULT, "cpu") == f"{store.DEFAULT} on cpu"
        started_again()
    assert made == [store.DEFAULT] * 2


def test_the_process_gives_every_backends_charts():
    found = json.loads(plots._made_elsewhere(store.DEFAULT))
    assert list(found) == list(BACKENDS)
    assert all(json.loads(each).keys() == plots.CHARTS.keys() for each in found.values())
