"""What visitors share on all pages: the TensorFlow process and the example digits."""

from __future__ import annotations

import gc

import numpy as np
import streamlit as st

from app.session import usable_models
from app.streamlit_internals import open_pages
from models.digit.digit import Digit, from_pixels
from models.formats import store
from models.lanes import Lane
from models.runtimes.worker.client import TensorFlowWorker

FIRST_EXAMPLE = 7
# Seconds for a new server to send the first visitor's page, which would take twice as long while
# TensorFlow loads.
HEAD_START = 3.0


@st.cache_resource(show_spinner=False)
def tensorflow() -> TensorFlowWorker:
    """The only TensorFlow process, started at the first call.

    All pages run again when it is restarted, to say so, and when that is done.
    """
    model = usable_models.first()
    folder = store.SHIPPED
    lanes: tuple[Lane, ...] = ()  # without a model: one can be mended while the server runs
    if model is not None:
        folder, lanes = store.folder(model), store.manifest(model).server_lanes
    return TensorFlowWorker(folder, lanes, head_start=HEAD_START, on_trouble=open_pages.rerun_all)


@st.cache_resource(show_spinner=False)
def examples() -> tuple[Digit, ...]:
    """Ten digits of the MNIST test set to try, one of each class from 0 to 9."""
    with np.load(store.EXAMPLES, allow_pickle=False) as file:
        pixels, labels = file["x_test"], file["y_test"]
    firsts = [int(np.flatnonzero(labels == each)[0]) for each in range(10)]
    return tuple(from_pixels(pixels[index]) for index in firsts)


def first_example() -> Digit:
    """The digit that a newcomer sees first. It is not written to the query string."""
    return examples()[FIRST_EXAMPLE]


@st.cache_resource(show_spinner=False)
def settle() -> None:
    """Exempt all objects from garbage collection, once every module is loaded.

    There are hundreds of thousands of them, and a collection pauses every visitor's page.
    """
    gc.collect()
    gc.freeze()
