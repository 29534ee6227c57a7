"""A server without the bundle makes it once, says so, and works meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from app.startup import auto_install, set_up
from app.web import bundle_status
from models.tfjs import built, bundle


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """How often the bundle was made; making it takes until `finish` is set."""
    calls: list[str] = []

    def make(_arguments: list[str]) -> None:
        calls.append("made")
        finish.wait(30)

    monkeypatch.setattr(bundle, "main", make)
    monkeypatch.setattr(set_up, "main", lambda: None)
    thread = threading.Thread(target=auto_install.install, daemon=True)
    monkeypatch.setattr(auto_install, "thread", thread)
    monkeypatch.setattr(built, "entry", lambda: None)
    yield calls
    finish.set()
    if thread.ident:
        thread.join(30)
    finish.clear()


finish = threading.Event()


def page() -> None:
    from app.startup import auto_install
    from app.web import bundle_status

    auto_install.follow()
    bundle_status.say_missing("run")


def said() -> list[str]:
    test = AppTest.from_function(page).run()
    assert not test.exception
    return [each.value for each in test.info]


def test_a_missing_bundle_is_made_once_and_visitors_are_told(made):
    auto_install.begin()
    auto_install.begin()
    assert made == ["made"]
    assert [text[:30] for text in said()] == ["This server was just installed"]
    finish.set()
    auto_install.thread.join(30)
    assert not bundle_status.is_bundling()


def test_a_page_that_is_there_before_the_server_began_begins_it(made):
    assert [text[:30] for text in said()] == ["This server was just installed"]
    assert made == ["made"]


def test_what_could_not_be_made_is_said_to_be_missing(made):
    auto_install.begin()
    finish.set()
    auto_install.thread.join(30)
    assert "make install" in said()[0]


def test_a_bundle_that_is_there_is_not_made_again(made, monkeypatch):
    monkeypatch.setattr(built, "entry", lambda: "tfjs/1/main.js")
    auto_install.begin()
    assert made == []
