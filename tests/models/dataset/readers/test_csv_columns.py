"""Which column of a table is the label, what is a header, and lines of any length."""

import io

import numpy as np
import pytest

from models import dataset
from tests.support import dataset_files as files

FIRST, LAST = "the first column", "the last column"


def table(*columns, header=None, fmt="%g") -> bytes:
    file = io.BytesIO()
    np.savetxt(file, np.column_stack(columns), fmt, ",", header=header or "", comments="")
    return file.getvalue().lstrip()


def pixels(count=300, first=0, last=0):
    """(count, 784) of noise, its first and last column as given."""
    noise = files.digits(count).reshape(count, 784)
    noise[:, 0], noise[:, -1] = first, last
    return noise


MANY = np.arange(300) % 10
FAINT = np.arange(300) % 3


@pytest.mark.parametrize(
    ("content", "labels", "where"),
    [
        (table(MANY, pixels()), MANY, FIRST),
        (table(pixels(), MANY), MANY, LAST),
        (table(np.full(300, 7), pixels(last=FAINT)), np.full(300, 7), FIRST),
        (table(np.full(300, 7), pixels()), np.full(300, 7), FIRST),
        (table(pixels(), np.full(300, 7)), np.full(300, 7), LAST),
        (table(pixels(first=FAINT), np.full(300, 7)), FAINT, FIRST),
        (table(pixels(first=200), MANY), MANY, LAST),
        (table(np.zeros(300), pixels()), np.zeros(300), FIRST),
    ],
    ids=[
        "first",
        "last",
        "first, of one class, beside a faint corner",
        "first, of one class, beside a blank corner",
        "last, of one class, beside a blank corner",
        "either: Kaggle's layout is taken",
        "last, since the first is no digit",
        "first, of zeros only, beside a blank corner",
    ],
)
def test_where_the_label_is_and_that_it_is_said(content, labels, where):
    read = dataset.read("a.csv", content)
    np.testing.assert_array_equal(read.labels, labels)
    assert read.labelled_by == {where: 300} and read.skipped == ()


def test_a_header_that_names_the_label_leaves_nothing_to_guess():
    names = ",".join(["label", *map(str, range(784))])
    read = dataset.read("a.csv", table(MANY, pixels(), header=names))
    assert read.labelled_by == {"the data itself": 300}
    unnamed = ",".join(f"c{index}" for index in range(785))
    read = dataset.read("a.csv", table(MANY, pixels(), header=unnamed))
    assert read.labelled_by == {FIRST: 300}


def test_a_guess_and_labels_of_another_file_are_counted_apart():
    both = [("a.csv", table(MANY, pixels())), ("b.npz", files.npz(x=files.digits(2), y=[1, 2]))]
    read = dataset.read_many(both)
    assert read.labelled_by == {FIRST: 300, "the data itself": 2}


def test_a_first_line_with_a_gap_is_data_and_not_a_header():
    lines = table(MANY, pixels()).split(b"\n")
    lines[0] = lines[0].replace(b",", b",,", 1).rsplit(b",", 1)[0]
    read = dataset.read("a.csv", b"\n".join(lines))
    assert len(read) == 299
    assert read.skipped[0].reason == "1 line was left out: line 1 has an empty column."


def test_blank_lines_before_a_table_are_passed_over():
    for header in ("", ",".join(["label", *map(str, range(784))])):
        content = b"\n  \n" + table(MANY, pixels(), header=header)
        read = dataset.read("a.csv", content + b"1,2\n")
        np.testing.assert_array_equal(read.labels, MANY)
        assert f"line {303 + bool(header)} has 2 columns" in read.skipped[0].reason


def test_pictures_of_64x64_as_savetxt_writes_them_are_read():
    seven = np.asarray(files.digit_image((64, 64), ink=255, paper=0)).reshape(1, -1) / 255
    content = table(np.array([7, 1]), np.repeat(seven, 2, axis=0), fmt="%.18e")
    assert content.index(b"\n") > 64_000
    read = dataset.read("a.csv", content)
    assert read.skipped == () and read.labels.tolist() == [7, 1] and read.stored.any()


def test_a_line_that_is_too_long_is_called_so():
    long = b"0," * 300_000 + b"0\n"
    first = dataset.read("a.csv", long).skipped[0].reason
    assert "Its first line is longer than 400,000 characters" in first
    read = dataset.read("a.csv", table(MANY, pixels()) + long)
    assert len(read) == 300
    assert "line 301 is longer than 400,000 characters" in read.skipped[0].reason
