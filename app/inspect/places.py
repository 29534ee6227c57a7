"""Where each part of the Inspect page stands, whatever is known of it yet.

Streamlit tells elements apart by their places. A part that comes and goes moves all that is below
it: what was there is shown twice until the run has ended, and a list that is open closes.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app.streamlit_internals.containers import Container


@dataclass(frozen=True)
class Places:
    """The containers of the page's top, in its order; on a phone they stand below each other.

    ``card`` has room for the answer, and ``problems`` is below it.
    """

    card: Container
    problems: Container
    chart: Container
    changed: Container
    controls: Container
    reasons: Container
    unseen: Container


def top() -> Places:
    """The answer, and below it the chart beside what changed and the controls."""
    with st.container(key="inspect-verdict", gap="small"):
        card, problems = st.empty(), st.container(gap="small")
    with st.container(key="inspect-top"):
        left, right = st.columns([7, 4], gap="large")
    chart = left.container(key="inspect-chart", gap="small")
    changed = right.container(key="inspect-changed", gap="small")
    for each in (chart, changed):
        each.empty()  # a container without any element would take no room yet
    controls = right.container(key="inspect-controls", gap="small")
    # They come with the answers: above the controls they would close a list that is open.
    reasons = right.container(key="inspect-reasons", gap="small")
    unseen = st.container(key="inspect-component")
    return Places(card, problems, chart, changed, controls, reasons, unseen)
