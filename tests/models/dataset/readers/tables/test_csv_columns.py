"""Which column of a table is the label, what is a header, and lines of any length."""

import io
import tracemalloc
from unittest.mock import Mock

import numpy as np
import pytest

from models import dataset
from models.dataset.readers.tables import csv_columns, csv_table
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


def decimal_commas(pixels: np.ndarray, delimiter: str, label=None) -> str:
    rows = [[f"{value:.4f}".replace(".", ",") for value in row] for row in pixels]
    if label is not None:
        rows = [[str(each), *row] for each, row in zip(label, rows, strict=True)]
    return "\n".join(delimiter.join(row) for row in rows) + "\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8"])
def test_a_table_in_utf_16_is_read_as_one_in_utf_8(encoding):
    text = "\ufeff" * (encoding == "utf-16-be") + table(MANY, pixels()).decode()
    for name in ("a.csv", "a"):
        read = dataset.read(name, text.encode(encoding))
        np.testing.assert_array_equal(read.labels, MANY)
        assert read.skipped == ()


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_decimal_commas_are_decimal_points_where_something_else_separates(delimiter, header):
    expected = dataset.read("a.npz", files.npz(x=pixels(12).reshape(12, 28, 28) / 255)).stored
    text = decimal_commas(pixels(12) / 255, delimiter, MANY[:12])
    head = delimiter.join(["label", *(f"pixel{index}" for index in range(784))])
    read = dataset.read("a.csv", (f"{head}\n{text}" if header else text).encode("utf-16"))
    np.testing.assert_array_equal(read.stored, expected)
    np.testing.assert_array_equal(read.labels, MANY[:12])
    assert read.skipped == ()


def test_the_first_line_in_which_excel_names_its_separator_is_no_image():
    text = "sep=;\n" + decimal_commas(pixels(12) / 255, ";")
    assert len(dataset.read("a.csv", text.encode())) == 12
    read = dataset.read("a.csv", (text + "1;2\n").encode())
    assert "line 14 has 2 columns in place of 784" in read.skipped[0].reason


def test_a_line_of_hundreds_of_megabytes_is_passed_over_in_pieces():
    long = b"1," * 20_000_000
    content = table(MANY, pixels()) + long + b"\n" + table(MANY, pixels())
    tracemalloc.start()
    read = dataset.read("a.csv", content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(read) == 600 and "line 301 is longer" in read.skipped[0].reason
    assert peak < len(long), "the line is never whole in memory"


def test_the_columns_of_a_table_that_is_none_are_not_read(monkeypatch):
    monkeypatch.setattr(csv_columns, "is_number", Mock(side_effect=csv_columns.is_number))
    content = (b"1," * 150_000 + b"1\n") * 20
    assert "has 150,001 columns" in dataset.read("a.csv", content).skipped[0].reason
    assert csv_columns.is_number.call_count <= 150_001, "those of the first line, once"


def test_a_large_table_is_read_twice_rather_than_kept(monkeypatch):
    values = pixels(300) / 255
    once = dataset.read("a.csv", table(MANY, values))
    monkeypatch.setattr(csv_table, "_KEPT", 1)
    twice = dataset.read("a.csv", table(MANY, values) + b"1,2\n")
    np.testing.assert_array_equal(twice.stored, once.stored)
    np.testing.assert_array_equal(twice.labels, MANY)
    assert "1 line was left out" in twice.skipped[0].reason
