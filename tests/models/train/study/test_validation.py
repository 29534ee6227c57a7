"""The losses by which networks are told apart, on answers that are known."""

from __future__ import annotations

import numpy as np
import pytest

from models.convert import conversion
from models.train import batches, network
from models.train.study import validation
from tests.models.train.study.test_model_card import PICTURES, Sure

LABELS = np.array([3] * 15 + [4] * 5)


def test_the_loss_is_the_mean_of_minus_log_p_of_the_label():
    results = validation.judge(Sure(3), {"some": (PICTURES, LABELS)})
    expected = -(15 * np.log(0.91) + 5 * np.log(0.01)) / 20
    assert results["some"] == (pytest.approx(expected, rel=1e-6), 5, 20)


def test_a_probability_of_0_is_finite():
    answers = np.array([[1, 0]], np.float32)
    assert validation.loss(answers, np.array([1])) == pytest.approx(-np.log(1e-7))


def test_the_split_is_judged_as_it_is_and_four_times_varied_always_alike():
    nothing = (PICTURES[:0], LABELS[:0])
    data = batches.Mnist(nothing, (PICTURES, LABELS), nothing)
    once, again = validation.checks(data), validation.checks(data)
    assert once["validation"][0] is PICTURES
    varied, labels = once["varied"]
    assert varied.shape == (80, 28, 28) and varied.dtype == np.uint8
    assert np.array_equal(labels, np.tile(LABELS, 4))
    assert np.array_equal(varied, again["varied"][0])


def test_the_command_prints_every_models_loss_and_never_reads_the_test_set(tmp_path, capsys):
    rng = np.random.default_rng(2)
    train = rng.integers(0, 256, (4_100, 28, 28), np.uint8)
    data, path = tmp_path / "mnist.npz", tmp_path / conversion.KERAS_FILE
    labels = rng.integers(0, 10, 4_100)
    np.savez(data, x_train=train, y_train=labels, x_test=train[:0], y_test=labels[:0])
    network.build(((4, 4),)).save(path)
    assert validation.main([str(path), str(path), "--data", str(data)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and lines[0] == lines[1]
    assert "of 4,000 wrong" in lines[0] and "of 16,000 wrong" in lines[0]


def test_a_model_that_is_not_there_is_said(tmp_path, capsys):
    rng = np.random.default_rng(3)
    data = tmp_path / "mnist.npz"
    few = rng.integers(0, 256, (4_010, 28, 28), np.uint8)
    labels = rng.integers(0, 10, 4_010)
    np.savez(data, x_train=few, y_train=labels, x_test=few[:1], y_test=labels[:1])
    assert validation.main([str(tmp_path / "none.h5"), "--data", str(data)]) == 1
    assert "none.h5" in capsys.readouterr().err
