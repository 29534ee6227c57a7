"""The uses of internals were checked for the installed versions."""

from __future__ import annotations

from importlib.metadata import version

from app import streamlit_internals


def test_the_installed_versions_are_those_that_were_checked() -> None:
    assert version("streamlit") == streamlit_internals.STREAMLIT
    assert version("streamlit-drawable-canvas") == streamlit_internals.CANVAS
