from __future__ import annotations

import numpy as np
import pytest

from models.parity.difference import absolute


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_differences_are_absolute_and_keep_the_values_precision(dtype):
    base, other = np.array([0.25, 1, 0], dtype), np.array([[0.5, 0, 0], [0.25, 1, -2]], dtype)
    apart = absolute(base, other)
    assert apart.dtype == dtype
    np.testing.assert_array_equal(apart, [[0.25, 1, 0], [0, 0, 2]])


@pytest.mark.filterwarnings("error")
def test_equal_infinities_do_not_differ_and_nan_stays_nan():
    inf, nan = np.inf, np.nan
    base, other = np.array([inf, inf, 0, nan, nan]), np.array([inf, -inf, inf, nan, 0])
    np.testing.assert_array_equal(absolute(base, other), [0, inf, inf, nan, nan])
