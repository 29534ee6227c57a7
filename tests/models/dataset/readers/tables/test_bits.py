"""Pictures of 0 and 1, as texts have them."""

from __future__ import annotations

import numpy as np
import pytest

from models import dataset
from tests.support import dataset_files as files


def bits(side=32) -> tuple[np.ndarray, str]:
    pixels = (np.asarray(files.digit_image((side, side), ink=255, paper=0)) > 100).astype(np.uint8)
    return pixels, "\n".join("".join(map(str, row)) for row in pixels)


def framed(pixels):
    return dataset.read("a.npz", files.npz(x=pixels[None])).stored


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_picture_of_0_and_1_is_framed_and_labelled_by_its_name(end):
    pixels, text = bits()
    read = dataset.read("7_14.txt", (text.replace("\n", end or "\n") + end).encode())
    np.testing.assert_array_equal(read.stored, framed(pixels))
    assert read.stored.any() and read.labels.tolist() == [7] and read.skipped == ()


def test_pictures_of_0_and_1_below_each_other_have_their_labels_below():
    pixels, text = bits()
    head = "ntot = 2\nattributes = 1024\n\n"
    read = dataset.read("optdigits-orig.tra", f"{head}{text}\n 7\n{text}\n 1\n".encode())
    np.testing.assert_array_equal(read.stored, np.repeat(framed(pixels), 2, axis=0))
    assert read.labels.tolist() == [7, 1] and read.skipped == ()


def test_pictures_of_0_and_1_of_other_sides_are_left_out():
    _, text = bits()
    _, small = bits(16)
    read = dataset.read("a.txt", f"{text}\n\n{small}\n".encode())
    assert len(read) == 1 and "1 of its pictures have other sides" in read.skipped[0].reason


def test_two_lines_of_0_and_1_are_no_picture():
    read = dataset.read("a.txt", b"0101010101\n0101010101\n")
    assert len(read) == 0 and "none of its pictures has 7 lines" in " ".join(
        each.reason for each in read.skipped
    )
