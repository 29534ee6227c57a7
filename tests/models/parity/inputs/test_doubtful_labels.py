"""Labels that sure readings contradict, and those that they do not."""

from __future__ import annotations

import numpy as np
import pytest

from models.parity.inputs import doubtful_labels
from models.parity.inputs.doubtful_labels import Contradiction


def answers(read, sure: float = 0.99):
    """Probabilities of these readings, each as sure as that."""
    values = np.full((len(read), 10), (1 - sure) / 9, np.float32)
    values[np.arange(len(read)), read] = sure
    return values


DIGITS = np.arange(40) % 10


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        (DIGITS, None),
        ((DIGITS * 7 + 3) % 10, Contradiction(40, 40)),
        (np.where(DIGITS < 9, DIGITS + 1, -1), Contradiction(36, 36, shift=1)),
        (np.where(DIGITS > 0, DIGITS - 1, -1), Contradiction(36, 36, shift=-1)),
        (np.full(40, -1), None),
        (np.where(np.arange(40) % 2, DIGITS, (DIGITS + 5) % 10), None),
    ],
)
def test_labels_are_contradicted_where_nearly_all_are(labels, found):
    assert doubtful_labels.find(answers(DIGITS), labels) == found


def test_readings_that_are_not_sure_contradict_nothing():
    assert doubtful_labels.find(answers(DIGITS, 0.5), (DIGITS + 3) % 10) is None


def test_three_pictures_are_too_few():
    assert doubtful_labels.find(answers([1, 2, 3]), np.array([4, 5, 6])) is None
    assert doubtful_labels.find(answers([1, 2, 3, 4]), np.array([7, 5, 6, 0])) is not None


def test_pictures_that_are_all_read_alike_are_told_from_wrong_labels():
    found = doubtful_labels.find(answers([0] * 10), np.arange(10))
    assert found is not None and (found.one, found.wrong) == (0, 9)
