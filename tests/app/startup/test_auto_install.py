"""A server without the bundle makes it once, says so, and works meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from app.startup import auto_install, set_up
from app.web import bundle_status, packed_assets
from models.tfjs import built, bundle


@pytest.fixture
def bundled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """An item for each call that bundles, which takes until `finish` is set."""
    calls: list[str] = []

    def main(_arguments: list[str]) -> None:
        calls.append("bundled")
        finish.wait(30)

    monkeypatch.setattr(bundle, "main", main)
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


def messages() -> list[str]:
    test = AppTest.from_function(page).run()
    assert not test.exception
    return [each.value for each in test.info]


def test_a_missing_bundle_is_made_once_and_visitors_are_told(bundled):
    auto_install.begin()
    auto_install.begin()
    assert bundled == ["bundled"]
    assert [text[:30] for text in messages()] == ["This server was just installed"]
    finish.set()
    auto_install.thread.join(30)
    assert not bundle_status.is_bundling()


def test_a_page_that_opens_before_the_warm_up_starts_the_bundling(bundled):
    assert [text[:30] for text in messages()] == ["This server was just installed"]
    assert bundled == ["bundled"]


def test_after_a_failure_the_page_says_that_the_bundle_is_missing(bundled):
    auto_install.begin()
    finish.set()
    auto_install.thread.join(30)
    assert messages()[0].endswith(f"For its operator: {built.remedy()}")


def test_a_bundle_that_is_there_is_not_made_again(bundled, monkeypatch):
    monkeypatch.setattr(built, "entry", lambda: "tfjs/1/main.js")
    monkeypatch.setattr(packed_assets, "is_packed", lambda: True)
    auto_install.begin()
    assert bundled == [] and auto_install.thread.ident is None


def test_a_wheel_has_the_bundle_and_only_compresses_at_its_first_start(bundled, monkeypatch):
    done: list[str] = []
    monkeypatch.setattr(built, "entry", lambda: "tfjs/1/main.js")
    monkeypatch.setattr(packed_assets, "is_packed", lambda: False)
    monkeypatch.setattr(set_up, "main", lambda: done.append("set up"))
    auto_install.begin()
    auto_install.thread.join(30)
    assert done == ["set up"] and bundled == []
