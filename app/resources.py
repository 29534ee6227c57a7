"""What all visitors of this process share: every ``st.cache_resource``."""

from __future__ import annotations

import numpy as np
import streamlit as st

from models import store
from models.digit import Digit, from_pixels
from models.lanes import SERVER_LANES
from models.worker import TensorFlowWorker


@st.cache_resource(show_spinner=False)
def tensorflow() -> TensorFlowWorker:
    """The one TensorFlow process, started at the first call."""
    return TensorFlowWorker(store.folder(store.DEFAULT), SERVER_LANES)


@st.cache_resource(show_spinner=False)
def examples() -> tuple[Digit, ...]:
    """Ready digits to try, one of each class from 0 to 9, out of the MNIST test set."""
    with np.load(store.folder(store.DEFAULT) / "examples.npz", allow_pickle=False) as file:
        pixels, labels = file["x_test"], file["y_test"]
    firsts = [int(np.flatnonzero(labels == each)[0]) for each in range(10)]
    return tuple(from_pixels(pixels[index]) for index in firsts)
