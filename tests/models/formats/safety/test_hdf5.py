"""HDF5 that leads out of its file, or claims what it does not hold, is not read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from models.errors import ModelError
from models.formats import safety
from models.formats.safety import hdf5
from models.formats.store import SHIPPED
from tests.support.model_files import KERNEL, h5


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return h5(tmp_path / "model.h5")


def test_the_numbers_of_all_arrays_are_counted(path: Path) -> None:
    assert hdf5.count(path) == hdf5.count_in(path.read_bytes()) == KERNEL.size
    assert hdf5.count(SHIPPED / "mnist_model.h5") == 117_274


def external_link(file: h5py.File) -> None:
    file["model_weights/dense/more"] = h5py.ExternalLink("/etc/passwd", "/x")


def soft_link(file: h5py.File) -> None:
    file["model_weights/dense/more"] = h5py.SoftLink("/model_weights/dense/dense/kernel:0")


def soft_link_to_nothing(file: h5py.File) -> None:
    file["model_weights/dense/more"] = h5py.SoftLink("/nothing")


def circle(file: h5py.File) -> None:
    file["model_weights/dense/more"] = file["model_weights"]


def external_data(file: h5py.File) -> None:
    secret = Path(file.filename).with_name("secret")
    secret.write_bytes(b"a file of the operator's")
    file.create_dataset("more", (6,), "f4", external=[(str(secret), 0, 24)])


def virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((6,), "f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (6,))
    file.create_virtual_dataset("more", layout)


def shape_bomb(file: h5py.File) -> None:
    file.create_dataset("more", (200_000, 200_000), "f4", chunks=(100, 100), compression="gzip")


def shape_bomb_that_is_not_packed(file: h5py.File) -> None:
    file.create_dataset("more", (1 << 40,), "f4", chunks=(1 << 10,))


def zeros_that_are_packed(file: h5py.File) -> None:
    file.create_dataset("more", data=np.zeros(4 << 20, "f4"), chunks=(1 << 20,), compression="gzip")


def texts(file: h5py.File) -> None:
    file.create_dataset("more", data=["a", "b"], dtype=h5py.string_dtype())


def references(file: h5py.File) -> None:
    file.create_dataset("more", data=[file.ref], dtype=h5py.ref_dtype)


def pairs(file: h5py.File) -> None:
    file.create_dataset("more", (3,), np.dtype([("a", "f4"), ("b", "f4")]))


def named_type(file: h5py.File) -> None:
    file["more"] = np.dtype("f4")


def packed_in_another_way(file: h5py.File) -> None:
    file.create_dataset("more", data=KERNEL, chunks=KERNEL.shape, compression="lzf")


def long_texts_many_times(file: h5py.File) -> None:
    # A file could let all of them stand for one text: few bytes there, gigabytes when read.
    long = "x" * (1 << 16)
    file["model_weights"].attrs["layer_names"] = np.array([long] * 20, h5py.string_dtype())


def many_small_bombs(file: h5py.File) -> None:
    for number in range(70):
        file.create_dataset(f"more/{number}", (1 << 18,), "f4", chunks=(1 << 18,))


def many_groups(file: h5py.File) -> None:
    for number in range(60):
        file.create_group(f"more/{number}")


REFUSED: dict[Callable[[h5py.File], None], str] = {
    external_link: "'/model_weights/dense/more', a link",
    soft_link: "'/model_weights/dense/more', a link",
    soft_link_to_nothing: "a link",
    circle: "in two places",
    external_data: "lies in another file",
    virtual: "lies in another file",
    shape_bomb: "160,000,000,000 bytes of which the file holds 0",
    shape_bomb_that_is_not_packed: "of which the file holds 0",
    zeros_that_are_packed: "16,777,216 bytes of which the file holds",
    texts: "an array of 'object' in place of numbers",
    references: "in place of numbers",
    pairs: "in place of numbers",
    named_type: "neither a group nor an array",
    packed_in_another_way: "packed in an unusual way",
    long_texts_many_times: "a list of texts without end",
    many_small_bombs: "that is no model",
    many_groups: "more than 50 groups and arrays",
}


@pytest.mark.parametrize("spoil", REFUSED, ids=lambda spoil: spoil.__name__)
def test_what_leads_out_or_claims_too_much_is_refused(path, spoil, monkeypatch) -> None:
    if spoil is many_groups:
        monkeypatch.setattr(hdf5, "MAX_OBJECTS", 50)
    if spoil is long_texts_many_times:
        monkeypatch.setattr(hdf5, "MAX_TEXTS", 1 << 20)
    with h5py.File(path, "r+") as file:
        spoil(file)
    with pytest.raises(ValueError, match=REFUSED[spoil]):
        hdf5.count(path)


def test_a_layer_of_zeros_that_is_packed_is_no_bomb(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        file.create_dataset("more", data=np.zeros(1 << 18, "f4"), compression="gzip")
    assert hdf5.count(path) == KERNEL.size + (1 << 18)


def test_a_heap_of_texts_without_an_end_is_refused(path: Path) -> None:
    """HDF5 itself goes round in it for ever."""
    content = bytearray(path.read_bytes())
    content[content.index(b"dense/kernel:0") - 8] = 255  # the size of the last text
    path.write_bytes(content)
    with pytest.raises(ModelError, match="texts are damaged"):
        safety.check(path)
