"""Links that carry a digit: its pixels are in the query string, nothing is kept on the server.

Other pictures are too large for that: their links carry the model, the backend and the weights.

A token (``models/digit/tokens.py``) holds the 784 pixels, 0..255, row by row. The largest of
MNIST's 70,000 digits takes 419 characters, noise takes 1,059. The pen's strokes are beside it where
they fit (``stroke_tokens.py``): what is read are the pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st

from app.session import state, stroke_tokens, usable_models
from models.digit import tokens
from models.digit.digit import SIZE, Digit, from_levels
from models.digit.strokes import Stroke
from models.errors import InputError
from models.lanes import BACKENDS, WEIGHTS, Weights

DIGIT, STROKES = "digit", "strokes"
MODEL, BACKEND, STORED = "model", "backend", "weights"
LONGEST = 1_200  # characters; noise, which does not compress, stays below
NO_MODEL = "This link asks for a model that pages do not show here; the first one is used."

_PIXELS = SIZE * SIZE
_ASK_AGAIN = "Ask for the link again, or draw a digit here."


def encode(digit: Digit) -> str:
    """The digit as letters, numbers, ``-`` and ``_``, which a URL does not escape."""
    return tokens.pack(digit.levels)


def decode(token: str) -> Digit:
    """The digit in a token, with its exact pixels. Raises InputError for any other text."""
    if len(token) > LONGEST:
        raise InputError(
            f"The digit in this link has {len(token):,} characters; no digit needs more than "
            f"{LONGEST:,}. {_ASK_AGAIN}"
        )
    levels = tokens.unpack(token, _PIXELS)
    if levels is None or len(levels) != _PIXELS:
        raise InputError(
            f"The digit in this link is damaged: characters are missing or changed. {_ASK_AGAIN}"
        )
    return from_levels(levels)


@dataclass(frozen=True)
class OpenedLink:
    """What a link asks for; None for what it leaves out. ``problem`` is shown to the visitor.

    ``strokes`` are the pen's, each (n, 2) in units of the pad; none where a link has none or they
    are damaged, since the digit's pixels are all that is read.
    """

    digit: Digit | None = None
    model: str | None = None
    backend: str | None = None
    problem: str | None = None
    weights: Weights | None = None
    strokes: tuple[Stroke, ...] = ()


def read_query() -> OpenedLink | None:
    """What the query string asks for after a link was opened or Back was pressed.

    None when the page itself wrote the query string. What is invalid is left out, and ``problem``
    says so.
    """
    params = st.query_params.to_dict()
    if params in (state.query(), state.query_read()):
        return None
    state.remember_read(params)
    problems = []
    digit = None
    if DIGIT in params:
        try:
            digit = decode(params[DIGIT])
        except InputError as error:
            problems.append(str(error))
    model, backend = params.get(MODEL), params.get(BACKEND)
    if model is not None and model not in usable_models.names():
        problems.append(NO_MODEL)
        model = None
    if backend is not None and backend not in ("auto", *BACKENDS):
        problems.append("This link asks for a backend that does not exist; the fastest is used.")
        backend = None
    weights = next((each for each in WEIGHTS if each == params.get(STORED)), None)
    if STORED in params and weights is None:
        problems.append(
            "This link asks for weights that do not exist; those as converted are used."
        )
    strokes = tuple(stroke_tokens.decode(params.get(STROKES, "")) or ()) if digit else ()
    return OpenedLink(digit, model, backend, " ".join(problems) or None, weights, strokes)


def link(
    page: str, digit: Digit | None, model: str, backend: str, *, weights: Weights = "float32"
) -> str:
    """The URL of a page with this digit and these settings, relative to the app's root.

    ``page`` is the page's ``url_path``, empty for the first page.
    """
    return f"{page}?{urlencode(query(digit, model, backend, weights=weights))}"


def query(
    digit: Digit | None,
    model: str,
    backend: str,
    *,
    weights: Weights = "float32",
    strokes: str | None = None,
) -> dict[str, str]:
    """The query's parameters, without those that have their default value.

    ``strokes`` is the pen's strokes as a token, None for none.
    """
    settings = {} if model == usable_models.default() else {MODEL: model}
    if backend != "auto":
        settings[BACKEND] = backend
    if weights != "float32":
        settings[STORED] = weights
    if digit is None or not carries(digit):
        return settings
    return {DIGIT: encode(digit), **({STROKES: strokes} if strokes else {}), **settings}


def carries(digit: Digit | None) -> bool:
    """Whether a link carries this picture: one of MNIST's size, in grey."""
    return digit is not None and digit.pixels.shape == (SIZE, SIZE)


def follow_model() -> None:
    """Use the model that the query asks for, on a page that shows no digit; then write the one that
    is used to it, so that a reload shows the same.
    """
    asked = st.query_params.get(MODEL)
    if asked in usable_models.names():
        state.use_model(asked)
    elif asked is not None:
        st.warning(NO_MODEL, icon=":material/link_off:")
    write_model(state.model())


def write_model(name: str) -> None:
    """Write a model to the query string, where the first one has no place."""
    if name == usable_models.default():
        st.query_params.pop(MODEL, None)
    elif st.query_params.get(MODEL) != name:
        st.query_params[MODEL] = name
