"""The Draw page's five charts: what each shows, its place, and its specification.

Specifications depend on the model and on the browser's backend, not on the digit. They have an
address of their own, so that a visitor fetches them once.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

import streamlit as st

from app.frontend import lane_wire
from app.ui import markup, templates
from models.formats import store
from models.lanes import BACKENDS, Lane

ADDRESS = "served/charts"
_ROOT = Path(__file__).resolve().parents[3]
MADE_BY = (  # modules of app
    "ui.chart_theme",
    "draw.results.chart_parts",
    "draw.results.charts",
    "ui.markup",
    "ui.palette",
    "draw.results.chart_specs",
)
_APP = _ROOT / "app"
KEPT = _ROOT / "build" / "charts"

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
    places = [(name, *_heading(name, reference)) for name in CHARTS]
    st.html(templates.render("draw/results/places.html", "charts", places))


def _heading(name: str, reference: str) -> tuple[str, str]:
    words, how = CHARTS[name]
    return words.format(reference=reference), how


def lanes(model: str, backend: str) -> tuple[Lane, ...]:
    """All lanes in the page's order; the browser's two are on ``backend``."""
    in_browser = (Lane(each, f"tfjs/{backend}") for each in lane_wire.FORMATS)
    return (*store.manifest(model).server_lanes, *in_browser)


def address(model: str, backend: str) -> str:
    """Where the specifications are, below the app's root. It changes with them."""
    return f"{ADDRESS}/{_version(model)}/{model}/{backend}.json"


def _version(model: str) -> str:
    """A hash of all that the specifications are made of."""
    made_of = f"{_code()} {model} {store.version(model)}"
    return hashlib.sha256(made_of.encode()).hexdigest()[:16]


@cache
def _code() -> str:
    made_by = [(_APP / f"{name.replace('.', '/')}.py").read_text("utf-8") for name in MADE_BY]
    return f"{metadata.version('altair')} {made_by}"


def specs(model: str, backend: str) -> str:
    """Each chart's specification by its name, as JSON, for a model that is here."""
    return _specs(model, _version(model))[backend]


@cache
def _specs(model: str, version: str) -> dict[str, str]:
    """By backend. They are kept from one start of the server to the next."""
    kept = KEPT / f"{version}.json"
    with contextlib.suppress(OSError, ValueError):  # not made yet, or cut off while it was written
        return _parsed(kept.read_text("utf-8"))
    text = _made_elsewhere(model)
    with contextlib.suppress(OSError):  # where nothing may be written, each start makes them
        kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_suffix(f".{os.getpid()}")
        unfinished.write_text(text, "utf-8")
        unfinished.replace(kept)
    return _parsed(text)


def _parsed(text: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(text)
    return found


def _made_elsewhere(model: str) -> str:
    """What ``make`` gives, as JSON, from a process of its own.

    Importing Altair takes a second or two, in which this process, and every visitor's page, would
    wait.
    """
    command = [sys.executable, "-m", "app.draw.results.chart_specs", model]
    return subprocess.run(command, cwd=_ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def make(model: str) -> dict[str, str]:
    """What ``specs`` gives for each backend, made here."""
    from app.draw.results import charts
    from app.ui import chart_theme

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
                name: chart_theme.alone(spec, says=". ".join(_heading(name, reference)))
                for name, spec in made.items()
            }
        )
    return found


if __name__ == "__main__":
    os.nice(10)  # as TensorFlow's process
    print(json.dumps(make(sys.argv[1])))
