"""The Draw page's five charts: their headings, places and specifications.

Specifications depend on the model and on the browser's backend, not on the digit. They have their
own URL, so that the browser caches them.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

import streamlit as st

from app.ui import chart_templates, chart_theme, markup, templates
from models.formats import store
from models.lanes import CONVERTED, Lane
from models.parity import judgement
from models.parity.figures import short
from models.parity.judgement import ByRule, Judge

URL_PATH = "served/charts"
_TEMPLATES = Path(__file__).with_name("charts.json")
_KEPT = 64  # pairs of a model and a backend

# Each chart's title, and the line that says how to read it.
CHARTS = {
    "probabilities": (
        "Probabilities: how sure each lane is of each digit",
        "One bar a lane, always in the order above. Equal heights are equal answers.",
    ),
    "differences": (
        "Differences: how far each lane is from {reference}",
        "One mark for each {value}. 0 is equal to the last bit; below the dashed line is rounding.",
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


def show(model: str) -> None:
    """The charts' places, each below its heading."""
    manifest = store.manifest(model)
    reference, judge = markup.original(manifest.reference), judgement.stored(manifest)
    places = [(name, *_heading(name, reference, judge)) for name in CHARTS]
    st.html(templates.render("draw/results/places.html", "charts", places))


def _heading(name: str, reference: str, judge: Judge) -> tuple[str, str]:
    title, how = CHARTS[name]
    logits = isinstance(judge, ByRule) and judge.head == "softmax"
    value = "class's logit, as a share of the largest" if logits else "probability"
    return title.format(reference=reference), how.format(value=value)


def lanes(model: str, backend: str) -> tuple[Lane, ...]:
    """All lanes in the page's order; the browser's two run on ``backend``."""
    in_browser = (Lane(each, f"tfjs/{backend}") for each in CONVERTED)
    return (*store.manifest(model).server_lanes, *in_browser)


def url_path(model: str, backend: str) -> str:
    """The URL path of the specifications, below the app's root. It changes with them."""
    version = hashlib.sha256(specs(model, backend).encode()).hexdigest()[:16]
    return f"{URL_PATH}/{version}/{model}/{backend}.json"


def specs(model: str, backend: str) -> str:
    """JSON of all charts' specifications by name, for a model of this server."""
    manifest = store.manifest(model)
    names = tuple(map(str, lanes(model, backend)))
    reference, judge = markup.original(manifest.reference), judgement.stored(manifest)
    return _specs(names, manifest.classes, reference, judge)


@lru_cache(_KEPT)
def _specs(lanes: tuple[str, ...], classes: tuple[str, ...], reference: str, judge: Judge) -> str:
    allowed = judgement.allowed(judge)
    what = "rounding explains" if isinstance(judge, ByRule) else "fixed tolerance"
    places = chart_templates.lane_places(lanes) | {
        "classes": classes,
        "others": lanes[1:],
        "all_but_last": lanes[:-1],
        "allowed": allowed,
        "allowed_name": f"{what} {short(allowed)}",
    }
    return json.dumps(
        {
            name: chart_theme.alone(
                chart_templates.spec(_TEMPLATES, name, places),
                says=". ".join(_heading(name, reference, judge)),
            )
            for name in CHARTS
        }
    )
