"""A waiting fragment reruns for its visitor's next message only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests

from app.streamlit_internals import fragments


class RunsAnewError(Exception):
    """Replaces the exception with which Streamlit reruns a fragment."""


@dataclass
class Clock:
    """Replaces ``time``: sleeping takes no time, and calls what is due by then."""

    now: float = 0.0
    due: list[tuple[float, Callable[[], object]]] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        for at, act in self.due:
            if at <= self.now:
                act()
        self.due = [each for each in self.due if each[0] > self.now]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(fragments, "time", clock)
    return clock


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The context of a fragment's run, with Streamlit's own queue of requests."""
    context = SimpleNamespace(script_requests=ScriptRequests(), fragment_ids_this_run=["studio"])

    def rerun(*, scope: str) -> None:
        assert scope == "fragment"
        raise RunsAnewError

    monkeypatch.setattr(fragments, "get_script_run_ctx", lambda: context)
    monkeypatch.setattr(st, "rerun", rerun)
    return context


def test_a_message_that_comes_while_it_waits_runs_the_fragment_anew(context, clock) -> None:
    message = RerunData(fragment_id="studio")
    clock.due.append((0.05, lambda: context.script_requests.request_rerun(message)))
    with pytest.raises(RunsAnewError):
        fragments.give_way(30)
    assert clock.now < 0.05 + 2 * fragments.STEP_SECONDS


def test_without_a_message_it_continues_after_the_timeout(context, clock) -> None:
    fragments.give_way(0.02)
    assert 0.02 <= clock.now < 0.02 + 2 * fragments.STEP_SECONDS


def test_a_run_of_the_whole_page_does_not_wait_and_is_not_cut_short(context, clock) -> None:
    context.fragment_ids_this_run = None
    context.script_requests.request_rerun(RerunData())
    fragments.give_way(30)
    assert clock.now == 0


def test_a_late_message_for_a_fragment_that_is_gone_does_nothing(monkeypatch) -> None:
    targets = []

    def rerun(key: str) -> None:
        targets.append(key)
        raise StreamlitAPIException("No fragment found for target 'studio'.")

    monkeypatch.setattr(st, "rerun", rerun)
    fragments.run_only("studio")
    assert targets == ["studio"]
