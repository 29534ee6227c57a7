"""What all visitors of the Inspect page share: a model's anatomy, its stored forms' answers, and
what its layers give for ready pictures.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.session import ready, shared
from models.dataset import Dataset
from models.digit.digit import Digit
from models.formats import anatomy, store
from models.formats.anatomy import Pairing
from models.lanes import TENSORFLOW, Format, Lane, Weights
from models.parity.set_verdict import many
from models.runtimes.worker.child_process import ProcessEndedError
from models.runtimes.worker.messages import Answer, TraceAnswer

EXACT = 64  # pictures in exact arithmetic: one batch, so that it ends soon for any model,
_EXACT_VALUES = 1 << 20  # ... and does not fill the memory: fewer of large ones


def sample(model: str) -> Dataset:
    """The pictures that a model is judged on here: digits, its own examples, or generated ones."""
    return ready.pictures(model)


def called(model: str) -> str:
    """What these are, in words: ``100 ready digits``."""
    kind = "digit" if store.manifest(model).pictures().is_digit else "picture"
    return many(len(sample(model)), f"ready {kind}")


def variants(model: str) -> dict[Lane, Future[Answer]]:
    """Every stored form's answers on ``sample``, requested once for all visitors."""
    answers = versioned_variants(model, store.version(model))
    if _ended(answers):
        versioned_variants.clear()  # the next visitor tries again; what cannot answer never will
    return answers


def _ended(answers: Mapping[Lane, Future[Any]]) -> bool:
    """Whether an answer is missing because TensorFlow's process ended."""
    return any(
        future.done() and isinstance(future.exception(), ProcessEndedError)
        for future in answers.values()
    )


@st.cache_resource(show_spinner=False, max_entries=8)
def versioned_variants(model: str, version: str) -> dict[Lane, Future[Answer]]:
    """``version`` is a cache key: changed files are predicted again."""
    pixels, worker = sample(model).pixels(), shared.tensorflow()
    manifest = store.manifest(model)
    forms = (key.partition(" ") for key in manifest.lanes)
    parsed = [Lane.parse(f"{form} {kind or 'float32'} @ {TENSORFLOW}") for form, _, kind in forms]
    lanes = [manifest.server_lane(each.format, each.weights) for each in parsed]
    return {lane: worker.submit(store.folder(model), lane, pixels) for lane in lanes}


def traces(
    model: str, lanes: Sequence[Lane], digit: Digit, each: int
) -> dict[Lane, Future[TraceAnswer]]:
    """What the layers of the server's ``lanes`` give for a digit, ``each`` numbers of a layer at
    most. Raises ModelError if there is no such model.
    """
    folder, worker = store.folder(model), shared.tensorflow()
    return {lane: worker.trace(folder, lane, digit.pixels[None], each) for lane in lanes}


def ready_traces(
    model: str, lanes: tuple[Lane, ...], digit: Digit, each: int
) -> dict[Lane, Future[TraceAnswer]]:
    """The same, requested once for all visitors: a page that opens has them in its first run."""
    version = store.version(model)
    answers = versioned_traces(model, version, digit.id, lanes, each, _digit=digit)
    if _ended(answers):
        versioned_traces.clear()
    return answers


# An entry has up to 4 MB for each lane of a large model.
@st.cache_resource(show_spinner=False, max_entries=4)
def versioned_traces(
    model: str, version: str, digit_id: str, lanes: tuple[Lane, ...], each: int, *, _digit: Digit
) -> dict[Lane, Future[TraceAnswer]]:
    """``version`` is a cache key, and so is the digit's id."""
    return traces(model, lanes, _digit, each)


@dataclass(frozen=True, eq=False)
class Exact:
    """What exact arithmetic was asked for a model, and when, by the monotonic clock."""

    future: Future[Answer]
    begun: float


def ask_exact(model: str) -> None:
    """Ask for the model's reference in exact arithmetic, once for all visitors: it takes as long
    as loading the model and a batch of pictures do, and TensorFlow's process does it in between.
    """
    known = exact(model)
    if known is None or (known.future.done() and known.future.exception()):
        pixels = sample(model).take(exact_places(model)).pixels()
        reference = store.manifest(model).reference
        future = shared.tensorflow().exact(store.folder(model), reference, pixels)
        _exact()[model, store.version(model)] = Exact(future, time.monotonic())


def exact(model: str) -> Exact | None:
    """What ``ask_exact`` asked for, if somebody did since the model was last changed."""
    return _exact().get((model, store.version(model)))


def exact_places(model: str) -> NDArray[np.int64]:
    """Which pictures of the sample are answered in exact arithmetic: a batch of them."""
    there = len(sample(model))
    size = math.prod(store.manifest(model).pictures().picture)
    count = max(1, min(EXACT, there, _EXACT_VALUES // size))
    return np.linspace(0, there - 1, count).astype(np.int64)


@st.cache_resource(show_spinner=False)
def _exact() -> dict[tuple[str, str], Exact]:
    return {}


def pairing(model: str, reference: Format, form: Format, weights: Weights) -> Pairing:
    """The anatomies of a model's reference and of another stored form. Raises ModelError."""
    return _pairing(model, store.version(model), reference, form, weights)


@st.cache_resource(show_spinner=False, max_entries=32)
def _pairing(
    model: str, version: str, reference: Format, form: Format, weights: Weights
) -> Pairing:
    """``version`` is a cache key: changed files are read again."""
    folder = store.folder(model)
    one, other = anatomy.read(folder, reference), anatomy.read(folder, form, weights)
    if reference != "graph":
        return anatomy.pair(one, other)
    # A model that came as a graph alone has no layers: its operations are compared with themselves.
    names = [part.name for part in one if part.name in other and not part.hidden]
    return Pairing(one, other, tuple((name, name) for name in names))
