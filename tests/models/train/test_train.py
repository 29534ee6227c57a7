"""A tiny training, run whole: it learns, can be resumed, repeats, and leaves the test set alone."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import numpy as np
import pytest

from models.errors import ModelError
from models.train import batches, export, trainer
from models.train import command as train
from models.train.trainer import Recipe

RECIPE = Recipe(epochs=3, batch=20, validation=20, blocks=((4, 4), (8,)), averaging=0.5)


@pytest.fixture(scope="module")
def data():
    """Bars: a digit's class is the place of a bar. Easy to learn, unlike noise."""
    labels = np.tile(np.arange(10), 20)
    pictures = np.zeros((200, 28, 28), np.uint8)
    for picture, label in zip(pictures, labels, strict=True):
        picture[4:24, 3 + 2 * label : 6 + 2 * label] = 255
    part = (pictures, labels.astype(np.int64))
    return batches.Mnist(part, (pictures[:20], part[1][:20]), part)


@pytest.fixture(scope="module")
def pools(data):
    return [batches.Pool(*data.train, 200)]


def weights(model):
    return np.concatenate([each.ravel() for each in model.get_weights()])


@pytest.fixture(scope="module")
def whole(data, pools, tmp_path_factory):
    return weights(train.train(RECIPE, data, pools, tmp_path_factory.mktemp("a"), resume=False))


def test_the_same_seed_trains_the_same_weights(data, pools, whole, tmp_path):
    from tf_keras import utils

    utils.set_random_seed(77)  # of somebody before us in the same process
    again = weights(train.train(RECIPE, data, pools, tmp_path, resume=False))
    np.testing.assert_allclose(again, whole, atol=1e-4)


def test_a_training_that_was_cut_off_ends_with_the_same_weights(
    data, pools, whole, tmp_path, monkeypatch
):
    run, calls = trainer.Trainer.run, []

    def cut_off(self, batches, start):
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(start)
        return run(self, batches, start)

    monkeypatch.setattr(trainer.Trainer, "run", cut_off)
    with pytest.raises(KeyboardInterrupt):
        train.train(RECIPE, data, pools, tmp_path, resume=False)
    monkeypatch.setattr(trainer.Trainer, "run", run)
    resumed = weights(train.train(RECIPE, data, pools, tmp_path, resume=True))
    np.testing.assert_allclose(resumed, whole, atol=1e-4)


def test_a_state_of_another_network_is_refused(data, pools, tmp_path):
    train.train(Recipe(**{**vars(RECIPE), "epochs": 1}), data, pools, tmp_path, resume=False)
    other = Recipe(**{**vars(RECIPE), "blocks": ((4, 4), (6,))})
    with pytest.raises(ModelError, match="cannot be resumed"):
        train.train(other, data, pools, tmp_path, resume=True)


def test_the_rate_rises_then_falls_to_nearly_nothing():
    rates = [trainer.learning_rate(RECIPE.rate, step, 500) for step in range(500)]
    assert max(rates) == pytest.approx(RECIPE.rate, rel=0.01)
    assert rates.index(max(rates)) <= 12
    assert rates[0] < RECIPE.rate / 5 and rates[-1] < RECIPE.rate / 500


def test_the_temperature_changes_how_sure_the_model_is_and_not_what_it_reads(data):
    from models.train import network

    model = network.build(((4, 4), (8,)))
    before = export.predict(model, data.train[0])
    temperature = export.fold_temperature(model, *data.validation)
    after = export.predict(model, data.train[0])
    scaled = before ** (1 / temperature)
    scaled /= scaled.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(after, scaled, atol=1e-5)


def test_a_pupil_learns_what_its_teacher_says_and_not_the_labels(data, pools, tmp_path):
    class Teacher:
        """Says of every picture that it is a 3."""

        def __call__(self, pixels, training):
            import tensorflow as tf

            return tf.one_hot(tf.fill([tf.shape(pixels)[0]], 3), 10)

    recipe = Recipe(**{**vars(RECIPE), "distillation": 1.0})
    pupil = train.train(recipe, data, pools, tmp_path, [Teacher()], resume=False)
    assert (export.predict(pupil, data.train[0]).argmax(axis=1) == 3).all()


@pytest.fixture
def mnist_file(tmp_path, data):
    path = tmp_path / "mnist.npz"
    x, y = data.train
    np.savez(path, x_train=x, y_train=y, x_test=data.test[0][:30], y_test=data.test[1][:30])
    return path


def test_a_teacher_that_is_no_model_ends_the_command_with_a_sentence(tmp_path, capsys, mnist_file):
    (tmp_path / "bad.h5").write_text("no model")
    arguments = ["--data", str(mnist_file), "--out", str(tmp_path / "o"), "--limit", "60"]
    assert train.main([*arguments, "--teacher", str(tmp_path / "bad.h5")]) == 1
    assert "bad.h5 cannot be read" in capsys.readouterr().err


def test_the_command_writes_a_model_and_its_record(tmp_path, mnist_file):
    recipe = Recipe(epochs=1, batch=20, validation=20, blocks=((4, 4), (8,)), limit=60)
    train.run(recipe, mnist_file, None, tmp_path, resume=False)
    record = json.loads((tmp_path / "training.json").read_text())
    assert (
        record["recipe"]["blocks"] == [[4, 4], [8]]
        and 0 <= record["accuracy"]["MNIST test"]["keras"] <= 1
    )
    import tf_keras

    assert tf_keras.models.load_model(tmp_path / export.MODEL, compile=False).output_shape == (
        None,
        10,
    )


@pytest.fixture
def student(tmp_path):
    """A network's weights and record, as ``models.train.study.gpu.train`` leaves them."""
    from models.train import network

    model = network.build(RECIPE.blocks)
    np.savez(tmp_path / "student3.npz", *model.get_weights())
    record = {"recipe": asdict(RECIPE), "seed": 3, "teachers": []}
    (tmp_path / "student3.json").write_text(json.dumps(record))
    return model


def test_weights_from_elsewhere_become_a_model_that_reads_as_they_did(
    student, mnist_file, data, tmp_path
):
    out = tmp_path / "out"
    arguments = ["--weights", str(tmp_path / "student3.npz"), "--data", str(mnist_file)]
    assert train.main([*arguments, "--out", str(out)]) == 0
    import tf_keras

    answers = export.predict(
        tf_keras.models.load_model(out / export.MODEL, compile=False), data.test[0]
    )
    before = export.predict(student, data.test[0])
    np.testing.assert_array_equal(answers.argmax(axis=1), before.argmax(axis=1))
    assert json.loads((out / "training.json").read_text())["seed"] == 3


@pytest.mark.parametrize("left", ["nothing", "no record", "other blocks"])
def test_weights_that_cannot_be_read_end_the_command_with_a_sentence(
    left, student, mnist_file, tmp_path, capsys
):
    weights_file = tmp_path / "student3.npz"
    if left == "nothing":
        weights_file.write_bytes(b"PK no archive")
    elif left == "no record":
        weights_file.with_suffix(".json").unlink()
    else:
        record = {"recipe": asdict(RECIPE) | {"blocks": [[4, 4], [6]]}}
        weights_file.with_suffix(".json").write_text(json.dumps(record))
    arguments = ["--weights", str(weights_file), "--data", str(mnist_file)]
    assert train.main([*arguments, "--out", str(tmp_path / "out")]) == 1
    assert "student3.npz cannot be read" in capsys.readouterr().err


def test_a_missing_file_ends_the_command_with_a_sentence(tmp_path, capsys):
    assert train.main(["--data", str(tmp_path / "none.npz"), "--out", str(tmp_path / "o")]) == 1
    assert "none.npz" in capsys.readouterr().err


def test_without_pytorch_the_training_for_a_gpu_says_how_to_get_it(
    mnist_file, tmp_path, capsys, monkeypatch
):
    from models.train.study.gpu import train as gpu_train

    monkeypatch.setitem(sys.modules, "torch", None)
    assert gpu_train.main(["--data", str(mnist_file), "--out", str(tmp_path / "o")]) == 1
    assert "PyTorch is not installed" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["x", "16-0/32"])
@pytest.mark.parametrize("command", ["train", "gpu"])
def test_blocks_that_are_none_end_the_command_with_a_sentence(command, text, tmp_path, capsys):
    from models.train.study.gpu import train as gpu_train

    run, option = {"train": (train.main, "--blocks"), "gpu": (gpu_train.main, "--students")}[
        command
    ]
    assert run(["--data", str(tmp_path / "none.npz"), option, text]) == 1
    assert f"'{text}' names no blocks" in capsys.readouterr().err
