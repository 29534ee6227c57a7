"""Calibration figures against cases that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.train.calibration import best_temperature, calibration_error


def answers(top: float, right: int, wrong: int) -> tuple[np.ndarray, np.ndarray]:
    """Two classes; the first is always answered with ``top``."""
    n = right + wrong
    return np.tile(np.array([top, 1 - top], np.float32), (n, 1)), np.array(
        [0] * right + [1] * wrong
    )


def test_nine_of_ten_right_at_90_percent_is_no_error():
    assert calibration_error(*answers(0.9, 90, 10)) == pytest.approx(0, abs=1e-6)


def test_always_sure_and_half_right_is_an_error_of_a_half():
    assert calibration_error(*answers(1.0, 50, 50)) == pytest.approx(0.5)


def test_bins_do_not_cancel_each_other_out():
    sure, sure_labels = answers(0.95, 85, 15)
    unsure, unsure_labels = answers(0.65, 75, 25)
    both = np.concatenate([sure, unsure]), np.concatenate([sure_labels, unsure_labels])
    assert calibration_error(*both) == pytest.approx(0.1, abs=1e-6)


def test_the_temperature_brings_overconfidence_down_to_the_share_that_is_right():
    probabilities, labels = answers(0.99, 80, 20)
    temperature = best_temperature(probabilities, labels)
    logit = np.log(0.99 / 0.01) / temperature
    assert 1 / (1 + np.exp(-logit)) == pytest.approx(0.8, abs=0.01)


def test_the_temperature_is_below_one_for_a_model_that_is_too_modest():
    assert best_temperature(*answers(0.6, 95, 5)) < 0.3


def test_certainty_in_float32_does_not_overflow():
    probabilities = np.array([[1, 0], [0, 1]], np.float32)
    assert np.isfinite(best_temperature(probabilities, np.array([0, 0])))
