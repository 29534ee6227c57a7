"""The Draw page's five charts: what each shows, its place, and its specification.

Specifications depend on the model and on the browser's backend, not on the digit. They have an
address of their own, so that a visitor fetches them once.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

import streamlit as st

from app import browser, markup, served
from models import store
from models.lanes import BACKENDS, Lane

ADDRESS = "served/charts"
_ROOT = Path(__file__).resolve().parent.parent

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


def show(model: str) -> None:
    """The charts' places, each below its heading."""
    reference = markup.original(store.manifest(model).reference)
    first, *others = (_place(name, reference) for name in CHARTS)
    st.html(f'{first}<div class="dp-charts">{"".join(others)}</div>')


def _place(name: str, reference: str) -> str:
    heading = markup.chart_title_html(*_heading(name, reference))
    return f'<section class="dp-chart" data-chart="{name}">{heading}<div></div></section>'


def _heading(name: str, reference: str) -> tuple[str, str]:
    words, how = CHARTS[name]
    return words.format(reference=reference), how


def lanes(model: str, backend: str) -> tuple[Lane, ...]:
    """All lanes in the page's order; the browser's two are on ``backend``."""
    in_browser = (Lane(each, f"tfjs/{backend}") for each in browser.FORMATS)
    return (*store.manifest(model).server_lanes, *in_browser)


def address(model: str, backend: str) -> str:
    """Where the specifications are, below the app's root. It changes with them."""
    version = hashlib.sha256(f"{_code()} {served.model_version(model)}".encode()).hexdigest()[:16]
    return f"{ADDRESS}/{version}/{model}/{backend}.json"


@cache
def _code() -> str:
    """What the specifications are made by."""
    here = Path(__file__).resolve().parent
    made_by = [here / name for name in ("chart_look.py", "charts.py", "palette.py", "plots.py")]
    return f"{metadata.version('altair')} {[path.read_text('utf-8') for path in made_by]}"


def specs(model: str, backend: str) -> str:
    """Each chart's specification by its name, as JSON, for a model that is here."""
    return _specs(model, served.model_version(model))[backend]


@cache
def _specs(model: str, version: str) -> dict[str, str]:
    """By backend; ``version`` keys the cache.

    Altair makes them in a process of its own: importing it takes a second or two, in which this
    process, and every visitor's page, would wait.
    """
    command = [sys.executable, "-m", "app.plots", model]
    made = subprocess.run(command, cwd=_ROOT, check=True, stdout=subprocess.PIPE).stdout
    found: dict[str, str] = json.loads(made)
    return found


def make(model: str) -> dict[str, str]:
    """What ``specs`` gives for each backend, made here."""
    from app import chart_look, charts

    manifest = store.manifest(model)
    classes, reference = manifest.classes, markup.original(manifest.reference)
    found: dict[str, str] = {}
    for backend in BACKENDS:
        names = tuple(map(str, lanes(model, backend)))
        made = {
            "probabilities": charts.probabilities(names, classes),
            "differences": charts.differences(names, classes),
            "pairs": charts.pairs(names),
            "steady": charts.steady(names),
            "load": charts.load_first(names),
        }
        found[backend] = json.dumps(
            {
                name: chart_look.alone(spec, says=". ".join(_heading(name, reference)))
                for name, spec in made.items()
            }
        )
    return found


if __name__ == "__main__":
    os.nice(10)  # as TensorFlow's process
    print(json.dumps(make(sys.argv[1])))
