"""The training by PyTorch, on the processor. PyTorch is not among what the app needs."""

from __future__ import annotations

import json

import numpy as np
import pytest

torch = pytest.importorskip(
    "torch", reason="to run it: pip install -r models/train/study/requirements.txt"
)

from models.train import batches, export  # noqa: E402
from models.train import network as keras_network  # noqa: E402
from models.train.study.gpu import network as torch_network  # noqa: E402
from models.train.study.gpu import teaching  # noqa: E402
from models.train.study.gpu import train as gpu_train  # noqa: E402
from models.train.study.gpu.learners import Learner, Together  # noqa: E402
from models.train.trainer import Recipe  # noqa: E402

BLOCKS = ((8, 8), (16, 16), (16,))


@pytest.fixture
def bars():
    """A digit's class is the width of a bar: (160, 28, 28) bytes, (160, 10) goals, labels."""
    labels = np.tile(np.arange(10), 16)
    pictures = np.zeros((160, 28, 28), np.uint8)
    for picture, label in zip(pictures, labels, strict=True):
        picture[4:24, 3 : 5 + 2 * label] = 255
    return pictures, batches.targets(labels, 0.02), labels


def learner(seed=1):
    return Learner(BLOCKS, seed=seed, decay=0.02, device="cpu")


def learn(together, bars, steps=120):
    pictures, goals = (torch.from_numpy(each) for each in bars[:2])
    for _ in range(steps):
        together.step(pictures, goals, 1e-2, 0.9)


def test_the_weights_make_a_keras_model_that_answers_alike(bars):
    one = learner()
    learn(Together([one], [], share=0.9, batch=160), bars, steps=5)
    model = keras_network.build(BLOCKS)
    model.set_weights(torch_network.keras_weights(one.average))
    pictures = np.random.default_rng(2).integers(0, 256, (40, 28, 28), np.uint8)
    expected = torch_network.predict(one.average, pictures, batch=16)
    np.testing.assert_allclose(export.predict(model, pictures), expected, atol=1e-5)


def test_learners_learn_side_by_side_and_each_by_itself(bars):
    together, alone = [learner(1), learner(2)], learner(2)
    learn(Together(together, [], share=0.9, batch=160), bars)
    learn(Together([alone], [], share=0.9, batch=160), bars)
    for each in together:
        found = torch_network.predict(each.average, bars[0]).argmax(axis=1)
        assert (found == bars[2]).mean() > 0.95
    for one, other in zip(
        torch_network.keras_weights(together[1].average),
        torch_network.keras_weights(alone.average),
        strict=True,
    ):
        np.testing.assert_allclose(one, other, atol=1e-3)


def test_a_student_learns_what_its_teachers_say_and_not_the_labels(bars):
    teacher, student = learner(1), learner(2)
    pictures, goals, labels = bars
    learn(Together([teacher], [], share=0.9, batch=160), (pictures, goals[:, ::-1].copy()))
    learn(Together([student], [teacher], share=1.0, batch=160), bars)
    found = torch_network.predict(student.average, pictures).argmax(axis=1)
    assert (found == 9 - labels).mean() > 0.95


def test_an_epoch_is_the_pictures_that_models_train_would_see():
    labels = np.tile(np.arange(10), 6)
    pools = [batches.Pool(np.full((60, 28, 28), 200, np.uint8), labels, 60)]
    recipe = Recipe(epochs=2, batch=20)
    pictures, goals = teaching.Epochs(pools, recipe)[1]
    epoch = list(batches.epoch(pools, 20, recipe.epoch_seed(1), smoothing=recipe.smoothing))
    expected = np.concatenate([pixels for pixels, _ in epoch])[..., 0]
    np.testing.assert_allclose(pictures.numpy() / 255, expected, atol=0.5 / 255 + 1e-6)
    np.testing.assert_array_equal(goals.numpy(), np.concatenate([goals for _, goals in epoch]))


def test_the_loss_is_the_mean_of_minus_log_p(bars):
    one = learner()
    pictures, _, labels = bars
    probabilities = torch_network.predict(one.average, pictures)
    expected = np.mean(
        [-np.log(row[label]) for row, label in zip(probabilities, labels, strict=True)]
    )
    found = teaching.losses(one, {"bars": (pictures, labels), "one": (pictures[:1], labels[:1])})
    assert found["bars"] == pytest.approx(float(expected), rel=1e-4)
    assert found["one"] == pytest.approx(-np.log(probabilities[0, labels[0]]), rel=1e-4)


def test_the_student_to_take_is_the_one_with_the_lowest_loss(bars, tmp_path, monkeypatch, capsys):
    losses = {1: (0.2, 0.2), 2: (0.1, 0.4), 3: (0.15, 0.2)}
    pairs = {seed: {"validation": one, "varied": other} for seed, (one, other) in losses.items()}
    monkeypatch.setattr(teaching, "losses", lambda one, _checks: pairs[one.seed])
    path = tmp_path / "mnist.npz"
    pictures, _, labels = bars
    x, y = np.tile(pictures, (28, 1, 1)), np.tile(labels, 28)
    np.savez(path, x_train=x, y_train=y, x_test=pictures, y_test=labels)
    arguments = ["--data", str(path), "--out", str(tmp_path), "--device", "cpu", "--workers", "0"]
    arguments += ["--limit", "300", "--student-epochs", "1", "--teachers", "--students"]
    assert gpu_train.main([*arguments, "4/4", "4/4", "4/4"]) == 0
    output = capsys.readouterr().out
    assert "student 2: loss 0.10000 validation, 0.40000 varied" in output
    assert f"Take student 3: python -m models.train --weights {tmp_path}/student3.npz" in output
    assert json.loads((tmp_path / "student3.json").read_text())["losses"] == pairs[3]


def test_the_command_ends_in_weights_that_models_train_makes_a_model_of(bars, tmp_path):
    path = tmp_path / "mnist.npz"
    pictures, _, labels = bars
    x, y = np.tile(pictures, (28, 1, 1)), np.tile(labels, 28)
    np.savez(path, x_train=x, y_train=y, x_test=pictures, y_test=labels)
    arguments = ["--data", str(path), "--out", str(tmp_path), "--device", "cpu", "--workers", "0"]
    small = ["--limit", "300", "--student-epochs", "1", "--teacher-epochs", "1"]
    kinds = ["--teachers", "4/4", "--students", "8-8/16-16/16"]
    assert gpu_train.main([*arguments, *small, *kinds]) == 0
    report = export.from_weights(tmp_path / "student1.npz", path, tmp_path)
    assert report["recipe"]["blocks"] == [[8, 8], [16, 16], [16]]
    assert report["teachers"] == [{"blocks": [[4], [4]], "seed": 100, "epochs": 1}]
    assert (tmp_path / export.MODEL).is_file()
    assert json.loads((tmp_path / "training.json").read_text()) == report
