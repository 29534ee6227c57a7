"""The shipped model: unchanged since it was converted, small, and the same in every format."""

from __future__ import annotations

import json

import numpy as np
import pytest

from models.dataset import sample_inputs
from models.formats import manifest
from models.formats.store import SHIPPED
from models.lanes import FORMATS
from models.runtimes import references, tensorflow

BYTES = 489_080  # float32 weights at most
MANIFEST = manifest.read(SHIPPED)
LANES = [key.partition(" ") for key in MANIFEST.lanes]
# How far probabilities may be from Keras: half floats round to 3 digits, bytes to 256 steps.
NEAR = {"": 1e-5, "float16": 5e-3, "uint8": 0.2}


@pytest.fixture(scope="module")
def digits():
    with np.load(SHIPPED / "examples.npz") as file:
        return (file["x_test"] / np.float32(255)).astype(np.float32), file["y_test"]


@pytest.fixture(scope="module")
def reference(digits):
    return tensorflow.load(SHIPPED, "keras").predict(digits[0])


def test_every_file_is_the_one_that_was_converted():
    assert manifest.changed(MANIFEST, SHIPPED) == []


def test_both_formats_ship_with_three_kinds_of_weights():
    assert len(MANIFEST.lanes) == 7
    assert {form for form, _, _ in LANES} == set(FORMATS)


@pytest.mark.parametrize("form", ["graph", "layers"])
def test_the_float32_weights_are_small_enough(form):
    described = json.loads((SHIPPED / f"model_{form}" / "model.json").read_text())
    paths = [path for group in described["weightsManifest"] for path in group["paths"]]
    assert sum((SHIPPED / f"model_{form}" / path).stat().st_size for path in paths) <= BYTES


@pytest.mark.parametrize("form, _, weights", LANES)
def test_every_format_reads_the_examples_like_keras(form, _, weights, digits, reference):
    answers = tensorflow.load(SHIPPED, form, weights or "float32").predict(digits[0])
    assert np.abs(answers - reference).max() <= NEAR[weights]
    assert (answers.argmax(axis=1) == reference.argmax(axis=1)).mean() >= 0.99


def test_the_manifests_bound_is_the_one_that_is_derived_today():
    """Keras rounds otherwise on another processor, which puts other kernels to work."""
    found = references.find(
        MANIFEST, SHIPPED, sample_inputs.find(MANIFEST, SHIPPED).samples
    ).rounding
    assert MANIFEST.rounding is not None and found is not None
    assert MANIFEST.rounding.head == found.head == "softmax"
    assert 1 / 3 < found.bound / MANIFEST.rounding.bound < 3


def test_the_examples_are_read_right(digits, reference):
    assert (reference.argmax(axis=1) == digits[1]).mean() >= 0.99


def test_the_manifest_has_the_accuracy_of_every_format():
    for each in MANIFEST.accuracy.values():
        assert set(each) == set(MANIFEST.lanes)
        assert all(0.9 < share <= 1 for share in each.values())
