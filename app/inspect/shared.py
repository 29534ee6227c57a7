"""What all visitors of the Inspect page share: a model's anatomy and its stored forms' answers."""

from __future__ import annotations

import time
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.session import shared
from models import dataset
from models.dataset import Dataset
from models.formats import anatomy, store
from models.lanes import TENSORFLOW, Format, Lane, Weights
from models.runtimes.worker.messages import Answer

EXACT = 64  # digits in exact arithmetic: one batch, so that it ends soon for any model


def sample() -> NDArray[np.float32]:
    """A hundred digits of the MNIST test set, (100, 28, 28) float32 in [0, 1]."""
    with np.load(store.EXAMPLES, allow_pickle=False) as file:
        return np.asarray(file["x_test"], np.float32) / np.float32(255)


@st.cache_resource(show_spinner=False)
def digits() -> Dataset:
    """The same digits as they are stored, with their labels."""
    return dataset.read_path(store.EXAMPLES)


def variants(model: str) -> dict[Lane, Future[Answer]]:
    """Every stored form's answers on ``sample()``, requested once for all visitors."""
    answers = versioned_variants(model, store.version(model))
    if any(future.done() and future.exception() for future in answers.values()):
        versioned_variants.clear()  # the next visitor tries again
    return answers


@st.cache_resource(show_spinner=False, max_entries=8)
def versioned_variants(model: str, version: str) -> dict[Lane, Future[Answer]]:
    """``version`` is a cache key: changed files are predicted again."""
    digits, worker = sample(), shared.tensorflow()
    manifest = store.manifest(model)
    forms = (key.partition(" ") for key in manifest.lanes)
    parsed = [Lane.parse(f"{form} {kind or 'float32'} @ {TENSORFLOW}") for form, _, kind in forms]
    lanes = [manifest.server_lane(each.format, each.weights) for each in parsed]
    return {lane: worker.submit(store.folder(model), lane, digits) for lane in lanes}


@dataclass(frozen=True, eq=False)
class Exact:
    """What exact arithmetic was asked for a model, and when, by the monotonic clock."""

    future: Future[Answer]
    begun: float


def ask_exact(model: str) -> None:
    """Ask for the model's reference in exact arithmetic, once for all visitors: it takes as long
    as loading the model and a batch of digits do, and TensorFlow's process does it in between.
    """
    known = exact(model)
    if known is None or (known.future.done() and known.future.exception()):
        pixels, reference = sample()[exact_places()], store.manifest(model).reference
        future = shared.tensorflow().exact(store.folder(model), reference, pixels)
        _exact()[model, store.version(model)] = Exact(future, time.monotonic())


def exact(model: str) -> Exact | None:
    """What ``ask_exact`` asked for, if somebody did since the model was last changed."""
    return _exact().get((model, store.version(model)))


def exact_places() -> NDArray[np.int64]:
    """Which digits of the sample are answered in exact arithmetic: a batch of them."""
    return np.linspace(0, len(sample()) - 1, EXACT).astype(np.int64)


@st.cache_resource(show_spinner=False)
def _exact() -> dict[tuple[str, str], Exact]:
    return {}


def pairing(model: str, reference: Format, form: Format, weights: Weights) -> anatomy.Pairing:
    """The anatomies of a model's reference and of another stored form. Raises ModelError."""
    return _pairing(model, store.version(model), reference, form, weights)


@st.cache_resource(show_spinner=False, max_entries=32)
def _pairing(
    model: str, version: str, reference: Format, form: Format, weights: Weights
) -> anatomy.Pairing:
    """``version`` is a cache key: changed files are read again."""
    folder = store.folder(model)
    return anatomy.pair(anatomy.read(folder, reference), anatomy.read(folder, form, weights))
