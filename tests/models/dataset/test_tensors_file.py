"""Arrays as a model takes them: what fits is read exactly, what does not is a sentence."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from models.dataset import tensors_file
from models.errors import InputError
from models.formats.tensors import Tensor
from tests.support import dataset_files as files

TABLE = [Tensor("serving", (4,))]
TEXT = [Tensor("tokens", (6,), "int32", values=1_000)]
TWO = [Tensor("picture", (28, 28, 1)), Tensor("values:0", (4,))]
FREE = [Tensor("x", (None, 3), size=(5, 3))]
random = np.random.default_rng(4)
ROWS = random.random((5, 4), np.float32)


def written(tmp_path: Path, **arrays: np.ndarray) -> Path:
    path = tmp_path / "a.npz"
    path.write_bytes(files.npz(**arrays))
    return path


@pytest.mark.parametrize("name", ["serving", "x", "x0", "x_test", "arr_0"])
def test_the_one_input_has_its_own_name_or_a_usual_one(tmp_path, name):
    (values,), labels = tensors_file.read(written(tmp_path, **{name: ROWS}), TABLE)
    np.testing.assert_array_equal(values, ROWS)
    assert labels is None


def test_an_npy_is_the_one_input(tmp_path):
    path = tmp_path / "a.npy"
    np.save(path, ROWS.astype(">f8"))
    (values,), _ = tensors_file.read(path, TABLE)
    np.testing.assert_array_equal(values, ROWS)
    assert values.dtype == np.float32 and values.dtype.isnative


def test_several_inputs_by_their_names_or_their_order(tmp_path):
    picture = np.asfortranarray(random.random((5, 28, 28)))
    for names in (("picture", "values"), ("x0", "x1"), ("arr_0", "arr_1")):
        path = written(tmp_path, **dict(zip(names, (picture, ROWS), strict=True)))
        (first, second), _ = tensors_file.read(path, TWO)
        assert first.shape == (5, 28, 28, 1) and first.flags.c_contiguous
        np.testing.assert_array_equal(first[..., 0], picture.astype(np.float32))
        np.testing.assert_array_equal(second, ROWS)


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ([0, 1, 2, 0, 1], [0, 1, 2, 0, 1]),
        ([[0], [1], [2], [0], [1]], [0, 1, 2, 0, 1]),
        (np.eye(3)[[2, 1, 0, 0, 1]], [2, 1, 0, 0, 1]),
        (np.full((5, 3), 0.25), None),
        ([0.5, 1, 2, 3, 4], None),
        (["a", "b", "c", "d", "e"], None),
    ],
)
def test_labels_are_classes_and_other_numbers_are_none(tmp_path, given, known):
    _, labels = tensors_file.read(written(tmp_path, x=ROWS, y=np.array(given)), TABLE)
    assert labels is known or (labels.tolist() == known and labels.dtype == np.int64)


WRONG = [
    (TABLE, {"x": ROWS[:, :3]}, r"its x has the shape \(5, 3\). Expected \(n, 4\)"),
    (TABLE, {"x": np.float32(3)}, r"the shape \(\)"),
    (FREE, {"x": np.zeros((2, 4, 3))}, r"Expected \(n, 5, 3\)"),
    (TABLE, {"z": ROWS}, "it holds z. Expected arrays named serving, or x"),
    (TWO, {"x": ROWS}, "Expected arrays named picture and values, or x0 … x1"),
    (TWO, {"x0": np.zeros((4, 28, 28)), "x1": ROWS}, "hold 4 and 5 inputs"),
    (TABLE, {"x": ROWS[:0]}, "hold 0 inputs"),
    (TABLE, {"x": np.where(np.eye(5, 4) > 0, np.nan, ROWS)}, "NaN or infinity"),
    (TABLE, {"x": ROWS * np.float32(np.inf)}, "NaN or infinity"),
    (TABLE, {"x": ROWS.astype(str)}, "and the model takes float32. Save x.astype"),
    (
        TABLE,
        {"x": ROWS.astype(float) * 1e300},
        r"the model takes -3.40282e.38 to 3.40282e.38, as float32",
    ),
    (TEXT, {"x": np.ones((5, 6))}, "of type float64, and the model takes int32"),
    (TEXT, {"x": np.full((5, 6), 1_000)}, "from 1000 to 1000; the model takes 0 to 999"),
    (TEXT, {"x": np.full((5, 6), -1)}, "the model takes 0 to 999"),
    ([Tensor("x", (2,), "bool")], {"x": np.full((5, 2), 2)}, "takes 0 to 1, as bool"),
    (TABLE, {"x": ROWS, "y": np.arange(4)}, "there are 4 labels for 5 inputs"),
    (TABLE, {"x": np.array([{1: 2}], object)}, "pickled objects, which could run code: refused"),
]


@pytest.mark.parametrize(("takes", "arrays", "reason"), WRONG)
def test_what_does_not_fit_the_model_says_so_with_the_file(tmp_path, takes, arrays, reason):
    path = written(tmp_path, **arrays)
    with pytest.raises(InputError, match=reason) as raised:
        tensors_file.read(path, takes)
    assert str(raised.value).startswith(f"{path}: ")


def lying(shape: tuple[int, ...]) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        file, {"shape": shape, "fortran_order": False, "descr": "<f4"}
    )
    return file.getvalue() + bytes(80)


def test_a_header_that_announces_too_much_allocates_nothing(tmp_path):
    path = tmp_path / "a.npz"
    path.write_bytes(files.zipped({"x.npy": lying((10**12, 4))}))
    with pytest.raises(InputError, match="announces 16,000,000,000,000 bytes"):
        tensors_file.read(path, TABLE)
    path.write_bytes(lying((10**12, 4)))
    with pytest.raises(InputError, match="announces 16,000,000,000,000 bytes"):
        tensors_file.read(path, TABLE)


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path, monkeypatch):
    path = written(tmp_path, x=np.zeros((200_000, 4), np.float32), other=np.zeros(1 << 20))
    monkeypatch.setattr(tensors_file, "_MOST", 1 << 20)
    with pytest.raises(InputError, match=r"it unpacks to 3\.05 MiB; at most 1 MiB"):
        tensors_file.read(path, TABLE)
    path.write_bytes(bytes(2 << 20))
    with pytest.raises(InputError, match="it has 2 MiB; at most 1 MiB"):
        tensors_file.read(path, TABLE)


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04", b"\x93NUMPY"])
def test_what_is_no_file_of_arrays_is_a_sentence(tmp_path, content):
    path = tmp_path / "a.npz"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"no \.npz|damaged|no array"):
        tensors_file.read(path, TABLE)
    with pytest.raises(InputError, match="cannot be read: No such file"):
        tensors_file.read(tmp_path / "none.npz", TABLE)


def test_any_cut_off_file_is_a_sentence(tmp_path):
    path = written(tmp_path, x=ROWS, y=np.arange(5))
    content = path.read_bytes()
    for end in range(0, len(content), 40):
        path.write_bytes(content[:end])
        with pytest.raises(InputError):
            tensors_file.read(path, TABLE)
