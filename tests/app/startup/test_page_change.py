"""Uploads are freed when their page is left, and not before."""

from __future__ import annotations

from types import SimpleNamespace

from streamlit.testing.v1 import AppTest


def visit() -> None:
    import streamlit as st

    from app.startup import page_change

    page_change.follow(st.session_state["goes_to"])


def runs(*pages: str, source: str = "files") -> tuple[AppTest, SimpleNamespace]:
    """These pages, one after the other, by a visitor whose uploaded data set is being read."""
    run = SimpleNamespace(cancelled=False)
    run.cancel = lambda: setattr(run, "cancelled", True)
    test = AppTest.from_function(visit)
    test.session_state["upload_set"] = ("key", "a set")
    test.session_state["upload_run"] = ("key", run)
    test.session_state["upload_source"] = source
    for page in pages:
        test.session_state["goes_to"] = page
        test.run()
        assert not test.exception
    return test, run


def test_a_page_that_is_shown_again_keeps_its_uploads():
    test, run = runs("upload", "upload")
    assert "upload_set" in test.session_state
    assert not run.cancelled


def test_another_page_frees_the_dataset_and_stops_its_run():
    test, run = runs("upload", "draw")
    assert "upload_set" not in test.session_state
    assert "upload_run" not in test.session_state
    assert run.cancelled


def test_the_results_of_the_shared_test_set_stay():
    test, run = runs("upload", "draw", source="examples")
    assert "upload_run" in test.session_state
    assert not run.cancelled
