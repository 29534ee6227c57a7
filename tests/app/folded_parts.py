"""Opens the folded parts of a page that runs in a test."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from app.ui.folded import Part


def all_open(test: AppTest, *keys: str) -> AppTest:
    """The page, whose next run shows the parts with these keys open."""
    for key in keys:
        test.session_state[Part(key, "").is_open] = True
    return test
