"""What pages show of a model's answers: probabilities of its classes."""

from __future__ import annotations

import numpy as np
import pytest

from models.formats.model_output import classes, probabilities


def test_probabilities_are_shown_as_they_are():
    given = np.array([[0.2, 0.8]], np.float32)
    assert (probabilities(given, "probabilities") == given).all()


def test_of_logits_their_softmax_is_shown_however_large_they_are():
    shown = probabilities(np.array([[1000.0, 1000.0, -1000.0], [0, np.log(3), 0]]), "logits")
    assert np.allclose(shown, [[0.5, 0.5, 0], [0.2, 0.6, 0.2]])


def test_one_sigmoid_is_two_classes_and_several_are_one_each():
    shown = probabilities(np.array([[0.25]], np.float32), "sigmoid")
    assert shown.tolist() == [[0.75, 0.25]]
    many = np.array([[0.9, 0.8, 0.1]], np.float32)
    assert (probabilities(many, "sigmoid") == many).all()


def test_what_is_no_number_stays_so():
    assert np.isnan(probabilities(np.array([[np.nan, 1.0]]), "logits")).all()


@pytest.mark.parametrize(
    "kind, outputs, count",
    [
        ("probabilities", 10, 10),
        ("logits", 345, 345),
        ("sigmoid", 1, 2),
        ("sigmoid", 3, 3),
        ("values", 5, 0),
    ],
)
def test_pages_show_so_many_classes(kind, outputs, count):
    assert classes(kind, outputs) == count
