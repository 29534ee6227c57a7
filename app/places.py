"""The Draw page's places for what changes, and the charts' headings, which stay.

They are written once, with the page. Its fragment writes into them, and sends nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import markup

# Each chart's title, and the line that says how to read it.
CHARTS = {
    "probabilities": (
        "Probabilities: how sure each lane is of each digit",
        "One bar a lane, always in the order above. Equal heights are equal answers.",
    ),
    "differences": (
        "Differences: how far each lane is from {reference}",
        "One mark for each probability. A line down is 100 times closer; 0 is equal to the last "
        "bit. What is below the tolerance is rounding.",
    ),
    "pairs": (
        "Pairs: how far any two lanes are apart",
        "The largest difference between their probabilities; darker is further. ≠ marks two that "
        "read different digits.",
    ),
    "steady": (
        "Steady: what one digit takes after warm-up",
        "A thin mark is one prediction, reading the answer back included; the thick one is their "
        "median. Further left is faster.",
    ),
    "load": (
        "Load and first: what a lane takes before that",
        "Paid once a visit: loading the model (■), then its first prediction (●), which compiles "
        "and allocates.",
    ),
}


@dataclass(frozen=True)
class Places:
    """Where each part of the results goes. ``more`` is for what follows the charts."""

    headline: DeltaGenerator
    given: DeltaGenerator
    cards: DeltaGenerator
    legend: DeltaGenerator
    charts: Mapping[str, DeltaGenerator]
    more: DeltaGenerator


def title(name: str, reference: str) -> tuple[str, str]:
    """A chart's title and how to read it; ``reference`` is what others are compared with."""
    words, how = CHARTS[name]
    return words.format(reference=reference), how


def charts(reference: str) -> dict[str, DeltaGenerator]:
    """Write the headings here; return each chart's place below its own."""
    first, *others = CHARTS
    found = {first: _below(first, reference)}
    with st.container(key="chart-grid"):
        return found | {name: _below(name, reference) for name in others}


def _below(name: str, reference: str) -> DeltaGenerator:
    with st.container(key=f"chart-{name}", gap="xxsmall"):
        markup.chart_title(*title(name, reference))
        return st.container()
