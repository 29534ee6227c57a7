"""What is left of a layer's output that is too large."""

from __future__ import annotations

import numpy as np
import pytest

from models.runtimes.worker.thinning import step, thinned


@pytest.mark.parametrize(
    ("shape", "most", "every"),
    [
        ((1, 28, 28, 16), 28 * 28 * 16, 1),
        ((1, 28, 28, 16), 28 * 28 * 16 - 1, 2),
        ((1, 112, 112, 96), 12_500, 11),
        ((1, 7, 7, 1280), 100, 7),  # its channels alone are more
        ((1, 1000), 10, 1),  # no rows
        ((1, 50, 64), 320, 10),
        ((1,), 1, 1),
    ],
)
def test_the_smallest_step_that_leaves_few_enough_values(shape, most, every):
    assert step(shape, most) == every


def test_rows_and_columns_are_left_out_and_channels_are_not():
    values = np.arange(1 * 5 * 4 * 3, dtype=np.float32).reshape(1, 5, 4, 3)
    kept = thinned(values, 20)
    assert kept.shape == (1, 3, 2, 3)
    np.testing.assert_array_equal(kept, values[:, ::2, ::2])
    assert thinned(values, 60) is values
