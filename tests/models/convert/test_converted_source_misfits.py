"""Conversions of another model are told by the shapes of what they take and give."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.convert.converted_source import misfits
from models.formats.model_tensors import Ends
from models.formats.store import SHIPPED, manifest
from models.formats.tensors import Tensor

FOLDERS = {"graph": SHIPPED / "model_graph"}


def said(monkeypatch, ends: Ends) -> list[str]:
    monkeypatch.setattr("models.formats.model_tensors.read", lambda _: ends)
    of_digits = replace(manifest("mnist"), outputs=(Tensor("out", (10,)),))
    return list(misfits(of_digits, FOLDERS, {"graph": "web/graph"}, "model.h5"))


def test_a_models_own_conversions_fit():
    folders = {form: SHIPPED / f"model_{form}" for form in ("graph", "layers")}
    assert not list(misfits(manifest("mnist"), folders, {}, "model.h5"))


@pytest.mark.parametrize(
    ("inputs", "outputs", "words"),
    [
        ([(28, 28, 3)], [(10,)], "it takes 28×28×3, not 28×28×1."),
        ([(784,)], [(10,)], "it takes 784, not 28×28×1."),
        ([(28, 28, 1)], [(3,)], "it gives 3, not 10."),
        ([(28, 28, 1), (4,)], [(10,)], "it takes 2 tensors, not 28×28×1."),
    ],
)
def test_other_shapes_are_said(monkeypatch, inputs, outputs, words):
    ends = Ends(*(tuple(Tensor("t", shape) for shape in each) for each in (inputs, outputs)))
    assert said(monkeypatch, ends) == [f"web/graph does not fit model.h5: {words}"]


@pytest.mark.parametrize("shape", [(None, None, 1), (28, 28, 1)])
@pytest.mark.parametrize("outputs", [(), (Tensor("o", (None,)),)])
def test_sizes_that_are_free_or_unknown_fit(monkeypatch, shape, outputs):
    assert said(monkeypatch, Ends((Tensor("t", shape),), outputs)) == []
