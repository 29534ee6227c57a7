"""A batch is shared among the processors, and the answers stay in order."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from models.errors import ModelError
from models.formats.model_input import DIGITS
from models.formats.tensors import Tensor
from models.lanes import Lane
from models.runtimes.loaded_lane import BATCH, LoadedLane
from models.runtimes.process import cpu_threads

LANE = Lane.parse("keras @ tensorflow")
TAKES = (Tensor("", DIGITS.shape),)


def lane(call, at_once: int) -> LoadedLane:
    return LoadedLane(LANE, TAKES, 1, 0.0, lambda batch: (call(*batch),), DIGITS, at_once)


def digits(count: int) -> np.ndarray:
    """Digit number n has n for every pixel."""
    return np.broadcast_to(np.arange(count, dtype=np.float32)[:, None, None], (count, 28, 28))


def first_pixel(batch):
    return batch[:, 0, 0]


@pytest.mark.parametrize("at_once", [1, 2, 7])
@pytest.mark.parametrize("count", [1, 15, 16, 17, 33, 128, 129, 1000])
def test_every_digit_is_answered_in_order(count, at_once):
    answers = lane(first_pixel, at_once).predict(digits(count))
    np.testing.assert_array_equal(answers, digits(count)[:, :1, 0])


@pytest.mark.parametrize(
    ("count", "at_once", "sizes"),
    [
        (1, 4, [1]),
        (16, 4, [16]),  # too few to share
        (40, 4, [16, 16, 8]),
        (128, 2, [64, 64]),
        (BATCH + 2, 1, [BATCH, 2]),
        (1000, 2, [BATCH] * 7 + [1000 - 7 * BATCH]),
    ],
)
def test_a_batch_is_shared_by_as_many_calls_as_are_worth_it(count, at_once, sizes):
    seen = []

    def call(batch):
        seen.append(len(batch))
        return first_pixel(batch)

    lane(call, at_once).predict(digits(count))
    assert sorted(seen, reverse=True) == sizes


def test_two_pieces_are_computed_at_the_same_time(monkeypatch):
    monkeypatch.setattr(cpu_threads, "count", lambda: 2)
    cpu_threads._pool.cache_clear()
    both = threading.Barrier(2, timeout=30)

    def call(batch):
        both.wait()
        return first_pixel(batch)

    try:
        assert len(lane(call, 2).predict(digits(32))) == 32
    finally:
        cpu_threads._pool.cache_clear()


def test_a_failing_piece_fails_the_batch_in_words():
    def call(batch):
        if batch[0, 0, 0] > 20:
            raise ValueError("the second piece")
        return first_pixel(batch)

    with pytest.raises(ModelError, match="the second piece"):
        lane(call, 2).predict(digits(64))


def test_what_the_operator_has_set_stays(monkeypatch):
    monkeypatch.delenv("TF_NUM_INTRAOP_THREADS", raising=False)
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "3")
    cpu_threads.one_per_operation()
    assert cpu_threads.os.environ["TF_NUM_INTRAOP_THREADS"] == "3"
    monkeypatch.delenv("TF_NUM_INTRAOP_THREADS")
    cpu_threads.one_per_operation()
    assert cpu_threads.os.environ["TF_NUM_INTRAOP_THREADS"] == "1"
