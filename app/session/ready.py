"""The pictures that pages bring through a model while nobody has given any."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import streamlit as st

from models import dataset
from models.dataset import UNKNOWN, Dataset, own_examples
from models.formats import store
from models.formats.model_input import Input

MOST = 100
FEWEST = 8
# Of all of them: a batch of them is one message to the browser, and one request to TensorFlow. 100
# of 200×200 in grey, or 27 of 224×224 in colour.
_VALUES = 1 << 22


def pictures(model: str) -> Dataset:
    """At most ``MOST``, the same for all visitors: the model's own examples, else the digits that
    ship for a model of digits; for another, generated ones that nobody can label.
    """
    return _pictures(model, store.version(model))


@st.cache_resource(show_spinner=False, max_entries=8)
def _pictures(model: str, version: str) -> Dataset:
    """``version`` is a cache key: changed files are read again."""
    folder, manifest = store.folder(model), store.manifest(model)
    given = manifest.pictures()
    own = own_examples.read(folder, manifest)
    if own is not None and len(own):
        return few(replace(own, skipped=(), cuts=()), given)
    if given.is_digit:
        return dataset.read("MNIST test set.npz", store.EXAMPLES)
    return generated(given, how_many(given))


def how_many(given: Input) -> int:
    """How many there are at most: fewer of large ones."""
    return max(FEWEST, min(MOST, _VALUES // math.prod(given.picture)))


def few(data: Dataset, given: Input) -> Dataset:
    """Some of all, spread over them."""
    return data.spread(how_many(given))


def generated(given: Input, count: int) -> Dataset:
    """Pictures of areas, edges and noise, without labels."""
    from models.dataset import sample_inputs  # most models have examples, or take digits

    stored = sample_inputs.pictures(given, count)
    unknown = np.full(count, UNKNOWN, np.int32)
    return Dataset(
        tuple(f"generated {number}" for number in range(1, count + 1)),
        stored,
        unknown,
        np.zeros(count, np.bool_),
        labels=unknown,
    )
