"""Single arrays out of each kind of file, by the name of their layer."""

from __future__ import annotations

import io
from pathlib import Path

import h5py
import numpy as np
import pytest

from models.convert.guess import numbers
from tests.support import model_files

MEAN, VARIANCE = np.array([[[[1.0, 2.0, 3.0]]]], np.float32), np.full(3, 4.0, np.float32)


def h5(path: Path, **arrays: np.ndarray) -> Path:
    """An .h5 with further weights."""
    with h5py.File(model_files.h5(path), "a") as file:
        for name, each in arrays.items():
            file["model_weights"][name] = each
    return path


def keras(path: Path, **arrays: np.ndarray) -> Path:
    """A .keras with such weights alone."""
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        for name, each in arrays.items():
            file[name] = each
    return model_files.keras(path, **{"model.weights.h5": content.getvalue()})


def converted(folder: Path, name: str) -> Path:
    """A layers model whose one array has this name."""
    weights = [{"name": name, "shape": [2, 3], "dtype": "float32"}]
    return model_files.layers(folder, None, model_files.group("weights.bin", weights=weights))


def test_an_h5_names_them_by_the_layer(tmp_path):
    inner = {"outer/norm/mean:0": MEAN, "norm/norm/variance:0": VARIANCE}
    of = numbers.of(h5(tmp_path / "m.h5", **inner))
    assert of("norm", "mean").tolist() == [1, 2, 3]
    assert of("norm", "variance").tolist() == [4, 4, 4]
    assert of("orm", "mean") is None


@pytest.mark.parametrize("name", ["normalization", "norm"])
def test_a_keras_file_numbers_them(tmp_path, name):
    arrays = {f"layers/{name}/vars/0": MEAN, f"layers/{name}/vars/1": VARIANCE}
    arrays |= {f"layers/batch_normalization/vars/{at}": VARIANCE + at for at in range(4)}
    of = numbers.of(keras(tmp_path / "m.keras", **arrays))
    assert of("norm", "mean").tolist() == [1, 2, 3]
    assert of("norm", "variance").tolist() == [4, 4, 4]
    assert of("bn", "moving_mean").tolist() == [6, 6, 6]
    assert of("bn", "moving_variance").tolist() == [7, 7, 7]


@pytest.mark.parametrize("name", ["normalization/mean", "model/normalization/mean", "mean"])
def test_a_converted_model_names_them_by_the_layer_or_by_what_they_are(tmp_path, name):
    of = numbers.of(converted(tmp_path / "m", name))
    assert of("normalization", "mean").tolist() == model_files.KERNEL.ravel().tolist()
    assert of("normalization", "variance") is None


def test_a_graph_s_constant_is_found_by_its_name(tmp_path):
    of = numbers.of(model_files.graph(tmp_path / "m"))
    assert of("dense/kernel").tolist() == model_files.KERNEL.ravel().tolist()
    assert of("kernel2") is None


def test_large_arrays_are_not_kept(tmp_path):
    of = numbers.of(h5(tmp_path / "m.h5", **{"norm/mean:0": np.zeros(5_000, np.float32)}))
    assert of("norm", "mean") is None


@pytest.mark.parametrize("content", [b"", b"{}", b"PK\x03\x04", b"\x89HDF\r\n\x1a\n" + bytes(64)])
def test_nothing_is_known_of_a_damaged_file(tmp_path, content):
    path = tmp_path / "m"
    path.write_bytes(content)
    assert numbers.of(path)("norm", "mean") is None
    assert numbers.of(tmp_path / "none")("norm", "mean") is None
