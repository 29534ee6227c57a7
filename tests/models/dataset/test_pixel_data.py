"""Pixel data that an export turned, inverted or darkened, taken as it was meant."""

from __future__ import annotations

import numpy as np
import pytest

from models import dataset
from models.dataset import Options, pixel_data
from models.errors import InputError
from tests.support import dataset_files as files

DIGITS = files.digits(3)


@pytest.mark.parametrize(
    ("way", "spoil"),
    [
        ("inverted", lambda x: 255 - x),
        ("transposed", lambda x: x.transpose(0, 2, 1)),
        ("inverted-transposed", lambda x: 255 - x.transpose(0, 2, 1)),
        ("turned-left", lambda x: np.rot90(x, -1, (1, 2))),
        ("turned-right", lambda x: np.rot90(x, 1, (1, 2))),
        ("upside-down", lambda x: x[:, ::-1, ::-1]),
        ("mirrored", lambda x: x[:, :, ::-1]),
        ("as they are", lambda x: x),
    ],
)
def test_a_way_undoes_what_was_done_to_arrays_and_tables(way, spoil):
    spoiled = np.ascontiguousarray(spoil(DIGITS))
    table = "\n".join(",".join(map(str, row)) for row in spoiled.reshape(3, -1)).encode()
    for name, content in (("a.npz", files.npz(x=spoiled)), ("a.csv", table)):
        read = dataset.read(name, content, Options(pixels=way))
        np.testing.assert_array_equal(read.stored, DIGITS, err_msg=name)


def test_stretched_values_go_from_black_to_white_whatever_they_were():
    levels = np.where(DIGITS > 0, 255, 0).astype(np.float32)
    for spoiled in (levels / 255 / 255, levels * 257, levels * 3 - 90):
        read = dataset.read("a.npz", files.npz(x=spoiled), Options(pixels="stretched"))
        np.testing.assert_array_equal(read.stored, levels)


def test_what_has_one_value_or_none_becomes_black():
    values = np.array([[[3.0, 3.0]], [[np.nan, np.nan]], [[0.0, np.inf]]], np.float32)
    assert pixel_data.stretched(values)[:2].max() == 0
    with pytest.raises(InputError, match="Expected numbers"):
        pixel_data.stretched(np.array([[["a"]]]))


def test_pictures_are_read_as_ever():
    picture = files.picture()
    plain = dataset.read("7.png", picture)
    np.testing.assert_array_equal(
        dataset.read("7.png", picture, Options(pixels="inverted")).stored, plain.stored
    )
