"""What else could run the model: what was measured of LiteRT.js and ONNX Runtime Web."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
from markupsafe import Markup

from app.ui import markup, templates

KEPT = Path(__file__).with_name("measured.json")  # by benchmarks.alternatives
HEADINGS = (
    "First answer",
    "Each after",
    "Script",
    "WebAssembly",
    "Weights",
    "All, compressed",
    "Distance",
    "Answers",
)
LEAD = (
    "The same models on other runtimes, each converted from the original, measured on one "
    "machine, on one thread."
)
OWN = (
    "`digit-parity setup alternatives` fetches LiteRT.js and ONNX Runtime Web, once: this page "
    "then runs them on its visitors' devices, and `digit-parity alternatives MODEL` measures any "
    "model of yours with them."
)


@dataclass(frozen=True)
class Row:
    """One runtime: its name, and its figures in the order of ``HEADINGS``."""

    name: str
    cells: Sequence[str]


@dataclass(frozen=True)
class Model:
    """What was measured of a model, and what follows, in sentences."""

    title: str
    rows: Sequence[Row]
    sentences: Sequence[str]


def show() -> None:
    """Show a table for each model, and how to measure another."""
    machine, models = _kept()
    markup.note(LEAD)
    for each in models:
        st.html(html(each))
        markup.listed(each.sentences)
    markup.note(f"Measured on {machine}.")
    st.markdown(OWN)


def html(model: Model) -> Markup:
    """The HTML of a model's table."""
    return templates.render(
        "benchmark/results/alternatives/tables.html", "measured", model, HEADINGS
    )


@lru_cache(maxsize=1)
def _kept() -> tuple[str, Sequence[Model]]:
    """Where it was measured, and the models."""
    kept: Mapping[str, Any] = json.loads(KEPT.read_text("utf-8"))
    return kept["machine"], [
        Model(each["title"], [Row(**row) for row in each["rows"]], each["sentences"])
        for each in kept["models"]
    ]
