"""A lane in memory takes any tensors, in batches of the size that the model and memory ask for."""

from __future__ import annotations

import numpy as np
import pytest

from models.errors import InputError, ModelError
from models.formats.tensors import Tensor
from models.lanes import REFERENCE
from models.runtimes import loaded_lane
from models.runtimes.loaded_lane import LoadedLane


def lane(*takes, call):
    return LoadedLane(REFERENCE, takes, 1, 0.0, call)


def test_several_inputs_give_several_outputs_each_with_a_row_for_each_input():
    def call(batch):
        words, values = batch
        return words.sum(axis=1, keepdims=True), values * 2, (values > 0.5).astype(np.int64)

    words, values = np.arange(600).reshape(200, 3), np.random.default_rng(0).random((200, 4))
    total, double, over = lane(
        Tensor("words", (3,), "int32"), Tensor("values", (4,)), call=call
    ).run((words, values))
    np.testing.assert_array_equal(total[:, 0], words.sum(axis=1))
    np.testing.assert_array_equal(double, (values * 2).astype(np.float32))
    assert over.dtype == np.float32 and set(over.ravel()) == {0, 1}


def test_a_fixed_batch_is_filled_up_and_what_was_added_is_cut_off():
    seen = []

    def call(batch):
        seen.append(batch[0].ravel().tolist())
        return (batch[0] + 1,)

    (found,) = lane(Tensor("in", (1,), batch=4), call=call).run((np.arange(6.0)[:, None],))
    assert found.ravel().tolist() == [1, 2, 3, 4, 5, 6]
    assert seen == [[0, 1, 2, 3], [4, 5, 5, 5]]


def test_large_inputs_come_in_small_batches(monkeypatch):
    sizes = []

    def call(batch):
        sizes.append(len(batch[0]))
        return (batch[0][:, :1, 0, 0],)

    lane(Tensor("in", (224, 224, 3)), call=call).run((np.zeros((30, 224, 224, 3), np.float32),))
    assert max(sizes) == loaded_lane._VALUES // (224 * 224 * 3) and sum(sizes) == 30


def test_what_is_no_row_for_each_input_is_refused():
    with pytest.raises(ModelError, match=r"shape \(1, 4\) for 3 inputs, not a row for each"):
        lane(Tensor("in", (4,)), call=lambda _: (np.zeros((1, 4)),)).run((np.zeros((3, 4)),))


def test_a_model_that_takes_no_pictures_says_so():
    with pytest.raises(InputError, match="keras @ tensorflow takes no pictures"):
        lane(Tensor("in", (4,)), call=lambda batch: batch).predict(
            np.zeros((1, 28, 28), np.float32)
        )
