"""The folded part that looks for where two formats differ most, with a browser that is played."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.inspect.picture.hunt import part, run
from app.session import links, shared
from models.formats import store
from models.tfjs import built


class Browser:
    """The component: it keeps what it is asked, and reports once it was told what."""

    def __init__(self) -> None:
        self.data: Mapping[str, Any] = {}
        self.report: dict[str, Any] | None = None

    def __call__(self, *, data: Mapping[str, Any], **_others: Any) -> dict[str, Any]:
        self.data, report = data, self.report
        self.report = None  # a trigger is there in one run
        return {"report": report}

    @property
    def asked(self) -> dict[str, Any]:
        return self.data["run"]

    def finds(self, other: np.ndarray, **changes: Any) -> None:
        """Report the picture that is looked at, unchanged."""
        answers = [_text(np.eye(10, dtype=np.float32)[3] * 0.9 + 0.01), _text(other)]
        size = self.asked["size"]
        levels = base64.b64decode(self.asked["pictures"])[:size]
        found = {"levels": base64.b64encode(levels).decode(), "origin": 0, "answers": answers}
        self.report = {
            "token": self.asked["token"],
            "backend": "wasm",
            "steps": 2,
            "asked": 128,
            "ms": 1_000,
            "error": None,
            "found": [found],
        } | changes


def _text(values: np.ndarray) -> str:
    return base64.b64encode(np.float32(values).tobytes()).decode()


SAME = np.eye(10)[3] * 0.9 + 0.01
OTHER = np.eye(10)[5] * 0.9 + 0.01


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    played = Browser()
    monkeypatch.setattr(run, "_component", played)
    monkeypatch.setattr(built, "entry", lambda: "tfjs/main.js")
    return played


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_function(script, default_timeout=30)


def script() -> None:
    import streamlit as st

    from app.inspect.picture.hunt import part
    from app.inspect.picture.hunt.run import Asked
    from app.session import shared

    weights = st.session_state.get("weights", "float32")
    asked = Asked("mnist", shared.examples()[7], weights, "auto")
    part.forget_what_was_cut_off(asked)
    if st.session_state.setdefault(part.PART.is_open, True):
        part.show(asked)


def text(page: AppTest) -> str:
    assert not page.exception
    said = [str(each.value) for kind in ("error", "info") for each in page.get(kind)]
    return "\n".join([*(each.proto.body for each in page.get("html")), *said])


def begin(page: AppTest) -> AppTest:
    return page.run().button(key="inspect-hunt").click().run()


def test_nothing_is_searched_before_the_button(page: AppTest, browser: Browser) -> None:
    page.run()
    assert browser.asked is None
    assert [each.label for each in page.button] == ["Look for 20 seconds"]


def test_the_browser_is_asked_from_the_chosen_picture_and_ready_ones(
    page: AppTest, browser: Browser
) -> None:
    begin(page)
    asked = browser.asked
    assert len(base64.b64decode(asked["pictures"])) == 65 * 784
    assert asked["seconds"] == run.SECONDS
    assert asked["ground"]["limits"] == {"linf": 0.3, "rms": 0.1}
    assert asked["judge"]["answers"] == "probabilities"
    assert not asked["stopped"]
    assert page.button(key="inspect-hunt").disabled


def test_what_was_found_is_judged_shown_and_linked(page: AppTest, browser: Browser) -> None:
    begin(page)
    browser.finds(OTHER)
    page.run()
    assert "The graph model reads 3, the layers model 5." in text(page)
    assert "Seed 0: 128 pictures asked in 1 s on wasm." in text(page)
    assert "The picture above" in text(page)
    query = parse_qs(page.get("link_button")[0].proto.url.removeprefix("./?"))
    assert links.decode(query["digit"][0]).id == shared.examples()[7].id
    assert query["backend"] == ["wasm"]
    page.run()
    assert browser.asked is None
    assert "The graph model reads 3" in text(page)


def test_nothing_found_is_said_with_the_bound(page: AppTest, browser: Browser) -> None:
    begin(page)
    browser.finds(SAME)
    assert "rounding alone explains up to" in text(page.run())


def test_stop_asks_for_what_is_found_so_far(page: AppTest, browser: Browser) -> None:
    begin(page).button(key="inspect-hunt-stop").click().run()
    assert browser.asked["stopped"]
    browser.finds(SAME, found=[], backend=None)
    assert "Stopped before a picture was compared." in text(page.run())


@pytest.mark.parametrize("token", ["another", None, 3])
def test_the_report_of_another_search_is_not_taken(
    page: AppTest, browser: Browser, token: object
) -> None:
    begin(page)
    browser.finds(OTHER, token=token)
    page.run()
    assert browser.asked is not None


def test_a_report_that_cannot_be_read_and_a_failure_are_said(
    page: AppTest, browser: Browser
) -> None:
    begin(page)
    browser.finds(OTHER, asked="many")
    assert "a picture that cannot be read" in text(page.run())
    page.button(key="inspect-hunt").click().run()
    assert browser.asked["ground"]["seed"] == 1
    browser.finds(OTHER, error="no memory", found=[])
    assert "no memory" in text(page.run())


def test_a_search_that_was_cut_off_does_not_begin_again(page: AppTest, browser: Browser) -> None:
    for name, away, back in (
        (part.PART.is_open, False, True),
        ("weights", "uint8", "float32"),
    ):
        begin(page)
        for value in (away, back):
            page.session_state[name] = value
            page.run()
        assert browser.asked is None


def test_what_was_found_stays_when_the_part_is_opened_again(
    page: AppTest, browser: Browser
) -> None:
    begin(page)
    browser.finds(OTHER)
    page.run()
    for is_open in (False, True):
        page.session_state[part.PART.is_open] = is_open
        page.run()
    assert "The graph model reads 3" in text(page)


def test_without_a_bound_or_tensorflow_js_there_is_no_button(
    page: AppTest, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built, "entry", lambda: None)
    assert "TensorFlow.js is not installed" in text(page.run())
    manifest = replace(store.manifest("mnist"), rounding=None)
    monkeypatch.setattr(store, "manifest", lambda _name: manifest)
    assert "added before bounds were derived" in text(page.run())
    assert not page.button
