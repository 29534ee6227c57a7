"""Sparse tables and pictures of 0 and 1, as texts have them."""

from __future__ import annotations

import numpy as np
import pytest

from models import dataset
from models.dataset import Options
from models.formats.model_input import Input
from tests.support import dataset_files as files

PIXELS = files.digits(12)
PIXELS[:, :4] = PIXELS[:, -4:] = 0
LABELS = np.arange(12) % 10


def sparse(pixels=PIXELS, labels=LABELS, start=1, after="") -> bytes:
    lines = [
        f"{label} " + " ".join(f"{at + start}:{row[at]:.9g}" for at in np.flatnonzero(row)) + after
        for row, label in zip(pixels.reshape(len(pixels), -1), labels, strict=True)
    ]
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    "content",
    [
        sparse(),
        sparse(PIXELS / 255),
        sparse(labels=[f"{label}.0" for label in LABELS]),
        b"# a comment\n\n" + sparse(after=" # another"),
        sparse(labels=[f"+{label} qid:1" for label in LABELS]),
    ],
    ids=["bytes", "shares", "fractions", "comments", "signs and queries"],
)
@pytest.mark.parametrize("name", ["mnist", "mnist.t", "a.txt"])
def test_a_sparse_table_is_read(name, content):
    read = dataset.read(name, content)
    assert read.skipped == ()
    np.testing.assert_array_equal(read.stored, PIXELS)
    np.testing.assert_array_equal(read.labels, LABELS)
    assert "28×28, counted from 1" in read.notes[0].reason


def test_places_that_count_from_0_are_seen_where_the_first_is_used():
    pixels = PIXELS.copy()
    pixels[3, 0, 0] = 9
    read = dataset.read("a.svm", sparse(pixels, start=0))
    np.testing.assert_array_equal(read.stored, pixels)
    assert "counted from 0" in read.notes[0].reason


def test_a_sparse_table_of_16x16_is_framed():
    seven = np.asarray(files.digit_image((16, 16), ink=255, paper=0))[None].copy()
    seven[0, -1, -1] = 1
    read = dataset.read("usps", sparse(seven, [7]))
    expected = dataset.read("a.npz", files.npz(x=seven)).stored
    np.testing.assert_array_equal(read.stored, expected)


def test_a_sparse_table_for_a_model_of_colours_has_its_values():
    pixels = files.digits(3)[:, :6, :24].reshape(3, 6, 8, 3)
    options = Options(target=Input((6, 8, 3), framing="none"))
    read = dataset.read("a.svm", sparse(pixels, [0, 1, 2]), options)
    np.testing.assert_array_equal(read.stored, pixels)


def test_lines_that_are_no_pairs_are_left_out_and_counted():
    lines = sparse().split(b"\n")
    lines[4:6] = [b"3 5", b"3 9:1 8:1"]
    read = dataset.read("a.svm", b"\n".join(lines))
    assert (
        len(read) == 10 and read.skipped[0].reason == "2 of its lines were left out, line 5 first."
    )


@pytest.mark.parametrize("content", [b"7 1:1 4000000000:1\n", b"7 1:1 16:0.5\n"])
def test_places_that_make_no_picture_are_refused(content):
    read = dataset.read("a.svm", content)
    assert len(read) == 0 and "no picture" in read.skipped[0].reason


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
