"""A fragment waits for its visitor's next message, and not for ever."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests

from app import fragments


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A fragment's run, with Streamlit's own queue of requests."""
    made = SimpleNamespace(script_requests=ScriptRequests(), fragment_ids_this_run=["live"])
    monkeypatch.setattr(fragments, "get_script_run_ctx", lambda: made)
    return made


def test_a_message_that_comes_meanwhile_ends_the_wait(context) -> None:
    message = RerunData(fragment_id="live")
    threading.Timer(0.05, context.script_requests.request_rerun, [message]).start()
    assert fragments.message_comes(30)


def test_without_a_message_the_wait_ends_too(context) -> None:
    assert not fragments.message_comes(0.02)


def test_a_run_of_the_whole_page_waits_for_nothing(context) -> None:
    context.fragment_ids_this_run = None
    assert not fragments.message_comes(30)
    assert not fragments.runs_alone()


def test_a_fragment_runs_alone_unless_another_follows(context) -> None:
    assert fragments.runs_alone()
    context.fragment_ids_this_run = ["live", "results"]
    assert not fragments.runs_alone()


def test_a_late_message_for_fragments_that_are_gone_does_nothing(monkeypatch) -> None:
    def rerun(_keys: list[str]) -> None:
        raise StreamlitAPIException("No fragment found for target 'results'.")

    monkeypatch.setattr(fragments.st, "rerun", rerun)
    fragments.run(fragments.RESULTS)
