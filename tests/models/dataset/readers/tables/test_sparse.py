"""Sparse tables: a label, and the pixels that are not 0 with their places."""

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


def test_a_place_beyond_all_numbers_leaves_out_its_line_alone():
    lines = "7 1:1 784:1\n3 99999999999999999999:1\n"
    found = dataset.read("a.svm", lines.encode())
    assert found.labels.tolist() == [7]
    assert "1 of its lines were left out, line 2 first." in [each.reason for each in found.skipped]
