"""The button, and what the page says before and after it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.benchmark.beyond import part
from app.benchmark.beyond import run as beyond
from models.storage import locations
from tests.app.benchmark.beyond.test_run import answer, say


def script() -> None:
    from app.benchmark.beyond import part

    part.show("mnist")


def said(page: AppTest) -> str:
    assert not page.exception
    return " ".join(each.proto.body for each in page.get("html"))


@pytest.fixture
def told(planted: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the component tells, and what it was given last."""
    told: dict[str, Any] = {}

    def mount(*, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        told["data"] = data
        return {name: value for name, value in told.items() if name != "data"}

    monkeypatch.setattr(part, "_component", mount)
    return told


def test_before_the_button_nothing_runs_and_the_megabytes_are_said(told) -> None:
    page = AppTest.from_function(script, default_timeout=30).run()
    assert [each.label for each in page.button] == ["Run them on this device"]
    assert "Your browser then fetches" in said(page) and " MB" in said(page)
    assert told == {}


def test_the_button_runs_lane_after_lane_and_shows_the_table(planted, told) -> None:
    page = AppTest.from_function(script, default_timeout=30).run()
    page.button[0].click().run()
    run = page.session_state["benchmark_beyond"]
    given = told["data"]["run"]
    assert given["token"] == run.token and given["lane"] == 0
    assert (
        given["worker"].startswith("served/alternatives/")
        and "/mnist/0/worker.js" in (given["worker"])
    )
    told["card"] = {"token": run.token, "why": "No <b>card</b>."}
    told["failed"] = {"token": "another", "lane": 0, "why": "not of this run"}
    page.run()
    assert run.measured == [] and run.no_card == "No <b>card</b>."
    told["failed"] = {"token": run.token, "lane": 0, "why": "It broke off."}
    page.run()
    assert run.measured[0].judgement.reason == "It broke off."
    del told["failed"]
    for _ in range(2):
        answer(run, planted.exact)
    say(run, "fault", error="<script>")
    assert beyond.find(run.token) is run
    page.run()
    assert beyond.find(run.token) is None
    shown = said(page)
    assert "LiteRT.js on wasm: 2" in shown and "Both keep your model." in shown
    assert "cannot run: It broke off." in shown and "WebGPU was not asked. No &lt;b&gt;" in shown
    assert "<script>" not in shown and "&lt;script&gt;" in shown
    assert not page.button[0].disabled


def test_cancel_ends_a_run(told) -> None:
    page = AppTest.from_function(script, default_timeout=30).run()
    page.button[0].click().run()
    run = page.session_state["benchmark_beyond"]
    next(each for each in page.button if each.label == "Cancel").click().run()
    assert beyond.find(run.token) is None and "benchmark_beyond" not in page.session_state
    assert [each.label for each in page.button] == ["Run them on this device"]


@pytest.mark.parametrize("raw", [1, [], {}, {"token": 1}])
def test_what_the_component_tells_is_not_trusted(planted, raw) -> None:
    run = beyond.begin("mnist")
    part.take(run, {"card": raw, "failed": raw})
    part.take(run, {"failed": {"token": run.token, "lane": "x", "why": 1}})
    assert run.measured == [] and run.is_running


def test_a_model_without_its_files_is_a_sentence_and_no_button(planted) -> None:
    planted.about(version=json.dumps("old"))
    page = AppTest.from_function(script, default_timeout=30).run()
    assert len(page.button) == 0 and "setup alternatives" in said(page)
    (planted.folder / "installed").write_text("of another lock")
    page = AppTest.from_function(script, default_timeout=30).run()
    assert len(page.button) == 0 and "installed in other versions here" in said(page)


@pytest.mark.parametrize("is_there", [False, True])
def test_the_benchmark_page_has_the_button_only_where_they_are(
    planted, monkeypatch, tmp_path, is_there
) -> None:
    if not is_there:
        monkeypatch.setattr(locations, "alternatives", lambda: tmp_path / "nothing")

    def whole() -> None:
        from app.benchmark.page import _beyond

        _beyond()

    page = AppTest.from_function(whole, default_timeout=30).run()
    labels = [each.label for each in page.button]
    assert labels == (["Run them on this device"] if is_there else [])
    assert "LiteRT.js on wasm" in said(page) and len(page.markdown) == 1
