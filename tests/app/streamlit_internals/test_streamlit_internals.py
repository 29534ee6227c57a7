"""What is no public API was looked at for the versions that are installed."""

from __future__ import annotations

from importlib.metadata import version

from app import streamlit_internals


def test_the_versions_are_those_that_were_looked_at() -> None:
    assert version("streamlit") == streamlit_internals.STREAMLIT
    assert version("streamlit-drawable-canvas") == streamlit_internals.CANVAS
