"""A new visitor sees a run of the model that ships, as it is now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.upload.saved import example
from models.formats import store
from models.lanes import SERVER_LANES
from models.parity import set_verdict

AGAIN = "The model or the report has changed: run `python -m benchmarks.upload_example` again."


def test_the_example_is_of_the_model_that_ships():
    report = example.read()
    assert report is not None and example.is_of(report, "mnist"), AGAIN


def test_the_example_is_a_small_file_and_of_every_version():
    assert example.PATH.stat().st_size < 60_000
    shown = example.of("mnist")
    assert shown is not None and len(shown.names) == 100 and shown.labelled
    assert set(SERVER_LANES) < set(shown.lanes) and len(shown.lanes) == 5
    assert set_verdict.conclude(shown.seen).kind == "agree"


def test_another_model_has_no_example(monkeypatch, tmp_path):
    changed = replace(store.manifest("mnist"), files={})
    monkeypatch.setattr(store, "manifest", lambda _model: changed)
    assert example.of("mnist") is None


@pytest.mark.parametrize("content", [None, b"{}"])
def test_the_page_does_without_an_example_that_is_missing_or_old(monkeypatch, tmp_path, content):
    path = tmp_path / "example.json"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(example, "PATH", path)
    example.read.clear()
    assert example.of("mnist") is None
    example.read.clear()
