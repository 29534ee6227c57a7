"""What all visitors of this process share: every ``st.cache_resource``."""

from __future__ import annotations

import gc
from concurrent.futures import Future

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from models.digit.digit import Digit, from_pixels
from models.formats import anatomy, store
from models.lanes import SERVER_LANES, TENSORFLOW, Format, Lane, Weights
from models.runtimes.worker.client import TensorFlowWorker
from models.runtimes.worker.messages import Answer

FIRST_EXAMPLE = 7
# Seconds in which a server that was just started brings its first visitor's page, which would take
# twice as long while TensorFlow loads.
HEAD_START = 3.0


@st.cache_resource(show_spinner=False)
def tensorflow() -> TensorFlowWorker:
    """The one TensorFlow process, started at the first call."""
    return TensorFlowWorker(store.folder(store.DEFAULT), SERVER_LANES, head_start=HEAD_START)


@st.cache_resource(show_spinner=False)
def examples() -> tuple[Digit, ...]:
    """Ready digits to try, one of each class from 0 to 9, out of the MNIST test set."""
    with np.load(store.folder(store.DEFAULT) / "examples.npz", allow_pickle=False) as file:
        pixels, labels = file["x_test"], file["y_test"]
    firsts = [int(np.flatnonzero(labels == each)[0]) for each in range(10)]
    return tuple(from_pixels(pixels[index]) for index in firsts)


def newcomers() -> Digit:
    """What a newcomer sees at once; it is nobody's digit yet, so no address holds it."""
    return examples()[FIRST_EXAMPLE]


def sample() -> NDArray[np.float32]:
    """A hundred ready digits, (100, 28, 28) in [0, 1], out of the MNIST test set."""
    with np.load(store.folder(store.DEFAULT) / "examples.npz", allow_pickle=False) as file:
        return np.asarray(file["x_test"], np.float32) / np.float32(255)


def variants(model: str) -> dict[Lane, Future[Answer]]:
    """Every stored form's answers on ``sample()``, asked of TensorFlow once for all visitors."""
    found = _variants(model, store.version(model))
    if any(future.done() and future.exception() for future in found.values()):
        _variants.clear()  # whatever it was, the next visitor tries again
    return found


@st.cache_resource(show_spinner=False, max_entries=8)
def _variants(model: str, version: str) -> dict[Lane, Future[Answer]]:
    digits, worker = sample(), tensorflow()
    forms = (key.partition(" ") for key in store.manifest(model).lanes)
    lanes = [Lane.parse(f"{form} {kind or 'float32'} @ {TENSORFLOW}") for form, _, kind in forms]
    return {lane: worker.submit(store.folder(model), lane, digits) for lane in lanes}


def pairing(model: str, reference: Format, form: Format, weights: Weights) -> anatomy.Pairing:
    """A model's reference and another stored form of it, taken apart. Raises ModelError."""
    return _pairing(model, store.version(model), reference, form, weights)


@st.cache_resource(show_spinner=False, max_entries=32)
def _pairing(
    model: str, version: str, reference: Format, form: Format, weights: Weights
) -> anatomy.Pairing:
    """``version`` keys the cache: files that have changed are read again."""
    folder = store.folder(model)
    return anatomy.pair(anatomy.read(folder, reference), anatomy.read(folder, form, weights))


@st.cache_resource(show_spinner=False)
def settle() -> None:
    """Once every module is loaded: the garbage collector need not look at them ever again.

    There are hundreds of thousands of objects, and looking at them stops every visitor's page.
    """
    gc.collect()
    gc.freeze()
