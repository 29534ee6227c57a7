"""The example that a first visit opens with."""

from __future__ import annotations

import pytest

from app.benchmark.controls import PRESET
from app.benchmark.results import opened
from app.frontend import lane_wire
from models.formats import store
from models.lanes import Lane

AGAIN = "Measure it again: python -m tests.e2e.benchmark_example"


def test_the_example_was_measured_with_the_model_that_ships_and_its_answers_were_right() -> None:
    example = opened.example("mnist")
    assert example is not None, AGAIN
    report = example.report
    assert (report.model, report.model_version) == ("mnist", store.version("mnist")), AGAIN
    assert (report.cancelled, report.quick) == (False, False), AGAIN
    assert example.name == "a server with two cores and software graphics"
    formats = lane_wire.formats(store.manifest("mnist"))
    known = {Lane(form, f"tfjs/{backend}") for form in formats for backend in PRESET}
    assert {each.lane for each in report.lanes} == known
    for each in report.lanes:
        assert each.checked is not None and each.checked.answers > 0, AGAIN
        assert not each.is_wrong and each.error is None, AGAIN


def test_another_version_of_the_model_has_no_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "version", lambda model: "another")
    assert opened.example("mnist") is None
