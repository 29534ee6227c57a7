"""The card's figures, on a model whose answers are known."""

from __future__ import annotations

import json

import numpy as np
import pytest

from models.convert import conversion
from models.formats import manifest
from models.train import network
from models.train.study import contact_sheet, model_card


class Sure:
    """Reads every picture as the class given, with a probability of 0.91."""

    def __init__(self, digit):
        self.answer = np.full(10, 0.01, np.float32)
        self.answer[digit] = 0.91

    def __call__(self, pixels):
        answer = np.tile(self.answer, (len(pixels), 1))
        return type("Tensor", (), {"numpy": lambda self: answer})()


PICTURES = np.random.default_rng(1).integers(0, 256, (20, 28, 28), np.uint8)


def test_figures_count_what_is_right_and_how_sure_it_was():
    figures = model_card.figures(Sure(3), PICTURES, np.array([3] * 15 + [4] * 5))
    assert figures["accuracy"] == 0.75 and figures["digits"] == 20
    assert figures["calibration_error"] == pytest.approx(0.16, abs=1e-6)
    assert figures["interval"][0] < 0.75 < figures["interval"][1]


def test_doubt_is_the_top_probability():
    assert model_card.doubt(Sure(3), PICTURES) == {
        "pictures": 20,
        "median_top": pytest.approx(0.91),
        "low_share": 0.0,
    }


def test_every_stored_forms_accuracy_is_written_to_both_records(tmp_path):
    network.build(((4, 4),)).save(tmp_path / conversion.KERAS_FILE)
    (tmp_path / conversion.TRAINING_FILE).write_text('{"title": "T", "seed": 5}')
    conversion.convert(tmp_path)
    before = manifest.read(tmp_path)
    model_card.record(tmp_path, {"some": (PICTURES, np.zeros(20, np.int64))})
    after = manifest.read(tmp_path)
    assert set(after.accuracy["some"]) == set(before.lanes)
    assert after.files == before.files and after.training == before.training == {"seed": 5}
    assert (
        json.loads((tmp_path / conversion.TRAINING_FILE).read_text())["accuracy"] == after.accuracy
    )


def test_the_sheet_shows_wrong_digits_only_and_the_surest_first():
    answers = np.full((20, 10), 0.01, np.float32)
    labels = np.zeros(20, np.int64)
    answers[:, 0] = 0.9
    answers[4, 7], answers[9, 2] = 0.95, 0.99
    sheet = np.asarray(contact_sheet.draw(PICTURES, labels, answers))
    large = np.kron(255 - PICTURES, np.ones((3, 3), np.uint8))
    np.testing.assert_array_equal(sheet[4:88, 8:92], large[9])
    np.testing.assert_array_equal(sheet[4:88, 108:192], large[4])
    assert (sheet[:, 200:] == 255).all() and sheet.shape == (112, 800)


def test_a_sheet_without_errors_says_so():
    answers = np.eye(10, dtype=np.float32)[:3]
    sheet = np.asarray(contact_sheet.draw(PICTURES[:3], np.arange(3), answers))
    assert (sheet < 128).any()
