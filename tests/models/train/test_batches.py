"""Training batches: no held-out writer, no test digit, the same batches for a seed."""

from __future__ import annotations

import numpy as np
import pytest

from models.errors import InputError
from models.train import batches


@pytest.fixture
def mnist_file(tmp_path):
    rng = np.random.default_rng(1)
    path = tmp_path / "mnist.npz"
    pictures = rng.integers(0, 255, (60, 28, 28), np.uint8)
    labels = np.arange(60, dtype=np.uint8) % 10
    np.savez(
        path, x_train=pictures[:50], y_train=labels[:50], x_test=pictures[50:], y_test=labels[50:]
    )
    return path


def drawings(path, writers):
    text = "".join(
        f'.SEGMENT DIGIT {n} GOOD "{n % 10}"\n.COMMENT {n % 10} {n} 0\n'
        f".PEN_DOWN\n 1 {n}\n 9 90\n.PEN_UP\n"
        for n in range(1, writers + 1)
    )
    path.write_text(text)
    return path


def test_without_a_network_the_way_out_is_a_file(tmp_path, monkeypatch):
    """Keras's own download, of what nobody serves."""
    from tf_keras.datasets import mnist as keras_mnist
    from tf_keras.utils import get_file

    def load(path="mnist.npz"):
        get_file(path, origin="http://127.0.0.1:1/mnist.npz", cache_dir=str(tmp_path))

    monkeypatch.setattr(keras_mnist, "load_data", load)
    with pytest.raises(InputError) as raised:
        batches.mnist(None, validation=10, seed=3)
    sentence = str(raised.value)
    assert sentence.startswith("MNIST cannot be fetched (URL fetch failure on http://127.0.0.1:1/")
    assert sentence.endswith(": connect this machine, or give a copy by `--data mnist.npz`.")


def test_validation_is_a_part_of_the_training_set_and_never_in_training(mnist_file):
    data = batches.mnist(mnist_file, validation=10, seed=3)
    train, held = ({p.tobytes() for p in part[0]} for part in (data.train, data.validation))
    assert len(train) == 40 and len(held) == 10 and not train & held
    with np.load(mnist_file) as file:
        assert train | held == {p.tobytes() for p in file["x_train"]}
        np.testing.assert_array_equal(data.test[0], file["x_test"])


def test_a_file_that_is_not_mnist_is_refused(tmp_path):
    np.savez(tmp_path / "other.npz", x=np.zeros(3))
    with pytest.raises(InputError, match="x_train"):
        batches.mnist(tmp_path / "other.npz", validation=1, seed=1)


def test_the_last_ten_writers_are_held_out(tmp_path):
    kept, held = batches.writers(drawings(tmp_path / "pens", 14))
    assert [each.writer for each in kept] == [1, 2, 3, 4]
    assert [each.writer for each in held] == list(range(5, 15))


def test_too_few_writers_to_hold_some_out_are_refused(tmp_path):
    with pytest.raises(InputError, match="10 writers"):
        batches.writers(drawings(tmp_path / "pens", 10))


def test_targets_are_smoothed_and_even_for_what_is_no_digit():
    goals = batches.targets(np.array([3, -1]), 0.1)
    np.testing.assert_allclose(goals.sum(axis=1), 1, atol=1e-6)
    assert goals[0, 3] == pytest.approx(0.91) and goals[0, 0] == pytest.approx(0.01)
    np.testing.assert_allclose(goals[1], 0.1, atol=1e-6)


def pool(count, label, each_epoch):
    pictures = np.full((count, 28, 28), 200, np.uint8)
    return batches.Pool(pictures, np.full(count, label), each_epoch)


def test_an_epoch_takes_from_every_pool_what_it_says():
    epoch = list(batches.epoch([pool(40, 1, 40), pool(40, 2, 20)], 10, 1, smoothing=0))
    labels = np.concatenate([goals.argmax(axis=1) for _, goals in epoch])
    assert [len(pixels) for pixels, _ in epoch] == [10] * 6
    assert np.bincount(labels).tolist() == [0, 40, 20]


def test_a_seed_gives_the_same_epoch_again_and_another_differs():
    pools = [pool(30, 1, 30)]
    first, again, other = (
        np.concatenate([p for p, _ in batches.epoch(pools, 10, s, smoothing=0)]) for s in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.1


def test_batches_made_ahead_are_the_same_in_the_same_order():
    epoch = list(batches.epoch([pool(30, 1, 30)], 10, 1, smoothing=0))
    prepared = list(batches.ahead(lambda: iter(epoch)))
    assert all(one is other for one, other in zip(epoch, prepared, strict=True))


def test_an_error_while_batches_are_made_reaches_who_uses_them():
    def broken():
        yield np.zeros(1), np.zeros(1)
        raise InputError("the file is gone")

    with pytest.raises(InputError, match="gone"):
        list(batches.ahead(broken))


def test_pools_hold_mnist_scans_drawings_and_scribbles(tmp_path, mnist_file):
    kept, _ = batches.writers(drawings(tmp_path / "pens", 14))
    pictures = np.zeros((8, 28, 28), np.uint8)
    pictures[:, 6:22, 12:16] = 255
    plain, scans, scribbles, drawn = batches.pools(
        (pictures, np.ones(8, np.int64)), kept, seed=1, variants=2, scans=8, nonsense=5
    )
    assert len(plain.labels) == len(scans.labels) == 8
    assert len(scribbles.labels) == 5 and (scribbles.labels == -1).all()
    assert drawn.labels.tolist() == [1, 2, 3, 4] * 2
