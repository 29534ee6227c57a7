"""A fragment gives way to its visitor's next message, and to nothing else."""

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
    """In place of what Streamlit raises."""


@dataclass
class Clock:
    """In place of ``time``: nobody waits. What is due while something sleeps is done then."""

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
    made = Clock()
    monkeypatch.setattr(fragments, "time", made)
    return made


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A fragment's run, with Streamlit's own queue of requests."""
    made = SimpleNamespace(script_requests=ScriptRequests(), fragment_ids_this_run=["studio"])

    def rerun(*, scope: str) -> None:
        assert scope == "fragment"
        raise RunsAnewError

    monkeypatch.setattr(fragments, "get_script_run_ctx", lambda: made)
    monkeypatch.setattr(st, "rerun", rerun)
    return made


def test_a_message_that_comes_while_it_waits_runs_the_fragment_anew(context, clock) -> None:
    message = RerunData(fragment_id="studio")
    clock.due.append((0.05, lambda: context.script_requests.request_rerun(message)))
    with pytest.raises(RunsAnewError):
        fragments.give_way(30)
    assert clock.now < 0.05 + 2 * fragments.STEP_SECONDS


def test_without_a_message_it_goes_on_after_the_time_that_was_given(context, clock) -> None:
    fragments.give_way(0.02)
    assert 0.02 <= clock.now < 0.02 + 2 * fragments.STEP_SECONDS


def test_a_run_of_the_whole_page_does_not_wait_and_is_not_cut_short(context, clock) -> None:
    context.fragment_ids_this_run = None
    context.script_requests.request_rerun(RerunData())
    fragments.give_way(30)
    assert clock.now == 0


def test_a_late_message_for_a_fragment_that_is_gone_does_nothing(monkeypatch) -> None:
    asked = []

    def rerun(key: str) -> None:
        asked.append(key)
        raise StreamlitAPIException("No fragment found for target 'studio'.")

    monkeypatch.setattr(st, "rerun", rerun)
    fragments.run_only("studio")
    assert asked == ["studio"]
