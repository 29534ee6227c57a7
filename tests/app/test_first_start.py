"""A server without the bundle makes it once, says so, and works meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from app import first_start, served


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """How often the bundle was made; making it takes until `finish` is set."""
    calls: list[str] = []

    def make() -> None:
        calls.append("made")
        finish.wait(30)

    thread = threading.Thread(target=make, daemon=True)
    monkeypatch.setattr(first_start, "_thread", thread)
    monkeypatch.setattr(served, "bundle_entry", lambda: None)
    yield calls
    finish.set()
    if thread.ident:
        thread.join(30)
    finish.clear()


finish = threading.Event()


def page() -> None:
    from app import first_start

    first_start.follow()
    first_start.say_missing("run")


def said() -> list[str]:
    test = AppTest.from_function(page).run()
    assert not test.exception
    return [each.value for each in test.info]


def test_a_missing_bundle_is_made_once_and_visitors_are_told(made):
    first_start.begin()
    first_start.begin()
    assert made == ["made"]
    assert [text[:30] for text in said()] == ["This server was just installed"]
    finish.set()
    first_start._thread.join(30)
    assert not first_start.is_bundling()


def test_a_page_that_is_there_before_the_server_began_begins_it(made):
    assert [text[:30] for text in said()] == ["This server was just installed"]
    assert made == ["made"]


def test_what_could_not_be_made_is_said_to_be_missing(made):
    first_start.begin()
    finish.set()
    first_start._thread.join(30)
    assert "make install" in said()[0]


def test_a_bundle_that_is_there_is_not_made_again(made, monkeypatch):
    monkeypatch.setattr(served, "bundle_entry", lambda: "tfjs/1/main.js")
    first_start.begin()
    assert made == []
