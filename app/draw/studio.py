"""The Draw page's one component: pad, lanes, results and charts. Its browser side is ``studio.js``.

It is mounted with what a visitor begins with. Then the browser shows every picture by itself, with
the figures that ``reading/endpoint.py`` answers, and tells Streamlit once what is shown, for the
other pages and for the page's return. Nothing that it shows already is sent back.
"""

from __future__ import annotations

import base64
import logging
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import streamlit as st

from app.draw import given, visit
from app.draw.picture import endpoint as picture_endpoint
from app.draw.reading import endpoint as reading_endpoint
from app.draw.reading import figures
from app.draw.results import chart_specs
from app.frontend import component, lane_wire
from app.session import input_words, state
from app.streamlit_internals import canvas_package, vega
from app.ui import markup
from models.digit.digit import Digit
from models.errors import InputError
from models.formats import store
from models.formats.manifest import Manifest
from models.formats.model_input import Input
from models.lanes import Format, Weights
from models.tfjs import built

KEY = "studio"
_LOG = logging.getLogger(__name__)
_HTML = Path(__file__).with_name("studio.html")
# Bytes of a model whose files the browser fetches at once, and keeps until they are asked for.
_ANNOUNCED = 4_000_000
_SMALL = 4_096  # levels of an example that the page has from the start; others are fetched


@cache
def _component() -> Any:
    """Made at the first mount: it registers with a server that runs."""
    return component.component(
        "digit_parity_studio",
        "draw/studio.js",
        html=_HTML.read_text("utf-8"),
        css=canvas_package.style(),
        isolate_styles=False,
    )


def mount(model: str, backend: str) -> None:
    """Mount the component for this model; ``backend`` is ``auto`` or one of ``BACKENDS``."""
    data = _data(model, store.manifest(model)) | {"backend": backend, "shown": _shown()}
    data["weights"] = _weights(store.manifest(model))
    _component()(key=KEY, data=data, on_visit_change=_take)


def _data(model: str, manifest: Manifest) -> dict[str, Any]:
    taken = manifest.pictures()
    return {
        "session": state.token(),
        "bundle": built.entry(),
        "first": built.first(),
        "model": {
            "name": model,
            "version": store.version(model),
            "title": manifest.title,
            **_stored(manifest, "float32"),
            "stored": {kind: _stored(manifest, kind) for kind in lane_wire.kinds(manifest)},
            "input": taken.stored(),
            "isDigit": taken.is_digit,
            "answers": manifest.answers,
            "classes": list(manifest.classes),
        },
        "picture": {
            "shape": list(taken.picture),
            "hasCanvas": given.has_canvas(taken),
            "says": input_words.sentence(taken),
            "mostMB": picture_endpoint.MOST_MB,
        },
        "assumed": list(manifest.assumed),
        "canvasScript": canvas_package.script(),
        "vega": vega.script(),
        "specs": chart_specs.url_path(
            model, state.expected_backend(state.backend()), _weights(manifest)
        ),
        "charts": chart_specs.headings(manifest),
        "addresses": {
            "reading": f"{reading_endpoint.URL_PATH}/{model}",
            "result": f"{reading_endpoint.FILE_PATH}/{model}",
            "picture": f"{picture_endpoint.URL_PATH}/{model}",
        },
        "examples": _examples(model, taken),
    }


def _stored(manifest: Manifest, weights: Weights) -> dict[str, Any]:
    """The model with weights that are stored in this way."""
    formats = lane_wire.formats(manifest)
    size = sum(manifest.size(form, weights) for form in formats)
    return {
        "weights": weights,
        "paths": {form: manifest.address(form, weights) for form in formats},
        "bytes": size,
        "files": {form: _files(manifest, form, weights) for form in formats if size < _ANNOUNCED},
        "lanes": [
            figures.about(each, manifest) for each in lane_wire.lanes(manifest, None, weights)
        ],
    }


def _files(manifest: Manifest, form: Format, weights: Weights) -> list[str]:
    """All files of a stored form in the order in which TensorFlow.js fetches them."""
    first = manifest.address(form, weights)
    folder = PurePosixPath(first).parent
    others = (each for each in manifest.files if PurePosixPath(each).parent == folder)
    return [first, *(each for each in others if each != first)]


def _weights(manifest: Manifest) -> Weights:
    """The weights that the visitor wants, where the model has them."""
    asked = state.weights()
    return asked if asked in lane_wire.kinds(manifest) else "float32"


def _examples(model: str, taken: Input) -> list[dict[str, Any]]:
    version, what = store.version(model), "digit" if taken.is_digit else "picture"
    return [
        {
            "name": f"Ready {what} {number}",
            "image": markup.thumbnail_url(each),
            "levels": _levels(each) if len(each.levels) <= _SMALL else None,
            "address": f"{picture_endpoint.URL_PATH}/{model}/{version}/{number}",
        }
        for number, each in enumerate(given.ready(model, taken))
    ]


def _shown() -> dict[str, Any]:
    """What the page begins with; the browser takes it again when its version changes."""
    begin, version = state.opened()
    return {
        "version": version,
        "levels": None if begin.digit is None else _levels(begin.digit),
        "label": begin.label,
        "strokes": list(begin.strokes),
    }


def _levels(digit: Digit) -> str:
    return base64.b64encode(digit.levels).decode("ascii")


def _take() -> None:
    """Remember what the browser shows; what cannot be read is not, and the page goes on."""
    raw = st.session_state[KEY].get("visit")
    try:
        state.remember(visit.parse(raw, store.manifest(state.model())))
    except InputError as error:  # of a stranger, or of the model before this one
        _LOG.warning("%s", error)
