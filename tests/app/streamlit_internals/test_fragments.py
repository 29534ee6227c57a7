"""A fragment gives way to its visitor's next message, and to nothing else."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests

from app.streamlit_internals import fragments


class RunsAnewError(Exception):
    """In place of what Streamlit raises."""


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A fragment's run, with Streamlit's own queue of requests."""
    made = SimpleNamespace(script_requests=ScriptRequests(), fragment_ids_this_run=["studio"])

    def rerun(*, scope: str) -> None:
        assert scope == "fragment"
        raise RunsAnewError

    monkeypatch.setattr(fragments, "get_script_run_ctx", lambda: made)
    monkeypatch.setattr(fragments.st, "rerun", rerun)
    return made


def test_a_message_that_comes_while_it_waits_runs_the_fragment_anew(context) -> None:
    message = RerunData(fragment_id="studio")
    threading.Timer(0.05, context.script_requests.request_rerun, [message]).start()
    with pytest.raises(RunsAnewError):
        fragments.give_way(30)


def test_without_a_message_it_goes_on(context) -> None:
    fragments.give_way(0.02)


def test_a_run_of_the_whole_page_is_not_cut_short(context) -> None:
    context.fragment_ids_this_run = None
    context.script_requests.request_rerun(RerunData())
    fragments.give_way(30)


def test_a_late_message_for_a_fragment_that_is_gone_does_nothing(monkeypatch) -> None:
    def rerun(_key: str) -> None:
        raise StreamlitAPIException("No fragment found for target 'studio'.")

    monkeypatch.setattr(fragments.st, "rerun", rerun)
    fragments.run_only("studio")
