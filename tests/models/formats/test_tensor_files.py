"""Tensors lie in files as TensorFlow.js reads them, or are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.errors import InputError
from models.formats import tensor_files
from models.formats.tensors import Tensor


@pytest.mark.parametrize(
    ("dtype", "given", "stored", "expected"),
    [
        ("float32", np.float32([1.5, -2]), "float32", "<f4"),
        ("float64", np.float64([1.5, 0.1]), "float32", "<f4"),
        ("float16", np.float16([1.5, 0.1]), "float32", "<f4"),
        ("int64", np.int64([7, -8]), "int32", "<i4"),
        ("uint8", np.uint8([7, 255]), "int32", "<i4"),
        ("bool", np.array([True, False]), "bool", "|b1"),
    ],
)
def test_every_type_is_stored_as_one_that_tensorflow_js_has(
    dtype: str, given: np.ndarray, stored: str, expected: str, tmp_path: Path
) -> None:
    (listed,) = tensor_files.write([Tensor("x", (), dtype)], (given,), tmp_path)
    file = Path(listed.pop("file"))
    assert listed == {"name": "x", "shape": [], "dtype": stored}
    np.testing.assert_array_equal(np.fromfile(file, expected), given.astype(expected))


@pytest.mark.parametrize("value", [2**31, -(2**31) - 1])
def test_a_number_that_tensorflow_js_cannot_hold_is_refused(value: int, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'x' has numbers beyond -2,147,483,648 to"):
        tensor_files.write([Tensor("x", (1,), "int64")], (np.array([[value]]),), tmp_path)


def test_free_sizes_may_be_any() -> None:
    takes = [Tensor("x", (None, None, 3), size=(8, 8, 3))]
    tensor_files.check(takes, (np.zeros((2, 5, 7, 3)),))
    with pytest.raises(InputError, match=r"Expected \(n, any, any, 3\), n ≥ 1\."):
        tensor_files.check(takes, (np.zeros((2, 5, 7, 1)),))


def test_a_single_number_for_each_input_has_no_shape() -> None:
    tensor_files.check([Tensor("x", ())], (np.zeros(2),))
    with pytest.raises(InputError, match=r"shape \(\) were given\. Expected \(n,\), n ≥ 1"):
        tensor_files.check([Tensor("x", ())], (np.zeros(()),))
