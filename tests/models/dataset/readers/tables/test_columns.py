"""Tables beside Kaggle's layout: index columns, one-hot labels, a row of a picture in a line."""

from __future__ import annotations

import io

import numpy as np
import pandas
import pytest

from models import dataset
from tests.support import dataset_files as files

PIXELS = files.digits(40)
LABELS = np.arange(40) % 10
FLAT = PIXELS.reshape(40, -1)
NAMES = [f"pixel{at}" for at in range(784)]


def notes(read) -> str:
    return " ".join(each.reason for each in read.notes)


def frame(**first) -> pandas.DataFrame:
    table = pandas.DataFrame(FLAT, columns=NAMES)
    for at, (name, values) in enumerate(first.items()):
        table.insert(at, name, values)
    return table


def text(table, *, header=False) -> bytes:
    file = io.StringIO()
    pandas.DataFrame(table).to_csv(file, index=False, header=header)
    return file.getvalue().encode()


def assert_is_the_set(read, labels=LABELS):
    assert read.skipped == ()
    np.testing.assert_array_equal(read.stored, PIXELS)
    np.testing.assert_array_equal(read.labels, labels)


NO_LABELS = np.full(40, -1)


@pytest.mark.parametrize(
    ("table", "labels", "said"),
    [
        (frame(label=LABELS).to_csv(), LABELS, "column 1, which has no name"),
        (frame().to_csv(), NO_LABELS, "column 1, which has no name"),
        (frame(id=range(40), label=LABELS).to_csv(index=False), LABELS, "the column id"),
        (frame(label=LABELS, Id=range(40)).to_csv(index=False), LABELS, "the column id"),
        (frame(ImageId=range(1, 41)).to_csv(index=False), NO_LABELS, "the column imageid"),
        (frame(**{"Unnamed: 0": range(40), "y": LABELS}).to_csv(index=False), LABELS, "unnamed: 0"),
        (frame(file=["a.png"] * 40, y=LABELS).to_csv(index=False), LABELS, "the column file"),
        (frame(y=LABELS, colour=["red"] * 40).to_csv(index=False), LABELS, "the column colour"),
        (frame(y=LABELS, a=1, b=2, c=3, d=4, e=5).to_csv(index=False), LABELS, "3 more columns"),
    ],
    ids=[
        "index",
        "index, no label",
        "id",
        "label, id",
        "ImageId",
        "unnamed",
        "file",
        "text",
        "many",
    ],
)
def test_columns_that_are_neither_pixel_nor_label_are_left_out_and_that_is_said(
    table, labels, said
):
    read = dataset.read("a.csv", table.encode())
    assert_is_the_set(read, labels)
    assert f"Left out {said}" in notes(read) or said in notes(read)


def test_a_column_that_counts_lines_is_no_label_without_a_header_either():
    counted = np.column_stack([np.arange(40), FLAT])
    read = dataset.read("a.csv", text(counted))
    assert_is_the_set(read, NO_LABELS)
    assert "which counts the lines" in notes(read)
    both = np.column_stack([np.arange(1, 41), LABELS, FLAT])
    read = dataset.read("a.csv", text(both))
    assert_is_the_set(read)
    assert read.labelled_by == {"the second column": 40}


def test_ten_lines_of_the_digits_in_order_are_labelled_by_them():
    read = dataset.read("a.csv", text(np.column_stack([LABELS[:10], FLAT[:10]])))
    assert read.labels.tolist() == list(range(10))


def test_names_that_pandas_gives_are_a_header():
    for start in (0, 1):
        names = [str(at + start) for at in range(784)]
        table = pandas.DataFrame(FLAT, columns=names)
        assert_is_the_set(dataset.read("a.csv", table.to_csv(index=False).encode()), NO_LABELS)
        assert_is_the_set(dataset.read("a.csv", table.to_csv().encode()), NO_LABELS)


HOT = np.eye(10, dtype=int)[LABELS]


@pytest.mark.parametrize(
    ("table", "where"),
    [
        (np.column_stack([FLAT, HOT]), "the last 10 columns"),
        (np.column_stack([HOT, FLAT]), "the first 10 columns"),
        (np.column_stack([np.arange(40), FLAT, HOT]), "the last 10 columns"),
        (np.column_stack([FLAT.astype(object), HOT == 1]), "the last 10 columns"),
    ],
)
def test_one_hot_columns_are_labels(table, where):
    read = dataset.read("a.csv", text(table))
    assert_is_the_set(read)
    assert read.labelled_by == {where: 40}


def test_a_line_without_a_single_1_among_its_classes_is_left_out():
    wrong = HOT.copy()
    wrong[30, 3] = 1
    read = dataset.read("a.csv", text(np.column_stack([FLAT, wrong])))
    assert len(read) == 39
    assert "line 31 has no single 1 in its 10 columns of classes" in read.skipped[0].reason


def test_semeions_handwritten_digits_are_read():
    small = (PIXELS[:, :16, :16] > 127).reshape(40, -1)
    lines = [
        " ".join(f"{value:.4f}" for value in row) + " " + " ".join(map(str, hot)) + " "
        for row, hot in zip(small, HOT, strict=True)
    ]
    read = dataset.read("semeion.data", "\n".join(lines).encode())
    assert read.skipped == () and read.labels.tolist() == LABELS.tolist()
    expected = dataset.read("a.npz", files.npz(x=small.reshape(40, 16, 16)))
    np.testing.assert_array_equal(read.stored, expected.stored)


def test_wekas_tables_are_read_below_their_preamble():
    head = "% a comment\n@RELATION mnist\n\n" + "".join(
        f"@ATTRIBUTE p{at} real\n" for at in range(784)
    )
    content = f"{head}@ATTRIBUTE class {{0,1}}\n\n@DATA\n".encode()
    read = dataset.read("a.arff", content + text(np.column_stack([FLAT, LABELS])))
    assert_is_the_set(read)


@pytest.mark.parametrize("delimiter", [",", " ", ";", "\t", "|"])
def test_a_table_of_28_by_28_values_is_a_picture(delimiter):
    lines = "\n".join(delimiter.join(map(str, row)) for row in PIXELS[0])
    read = dataset.read("a.csv", lines.encode())
    assert read.skipped == () and read.notes == () and read.names == ("a.csv",)
    np.testing.assert_array_equal(read.stored, PIXELS[:1])
    assert read.labels.tolist() == [-1]


def test_a_picture_as_pandas_writes_it_has_a_header_and_an_index():
    table = pandas.DataFrame(PIXELS[0])
    for content in (table.to_csv(), table.to_csv(index=False)):
        read = dataset.read("7/a.csv", content.encode())
        np.testing.assert_array_equal(read.stored, PIXELS[:1])
        assert read.labels.tolist() == [7]


def test_pictures_below_each_other_are_taken_apart_and_that_is_said():
    read = dataset.read("a.txt", text(PIXELS.reshape(-1, 28)))
    assert_is_the_set(read, NO_LABELS)
    assert "Each 28 of its lines were taken for a picture's rows." in notes(read)
    read = dataset.read("a.txt", text(PIXELS.reshape(-1, 28)[:-1]))
    assert len(read) == 0 and "x.reshape(len(x), -1)" in read.skipped[0].reason


def test_a_square_table_of_another_side_is_a_picture():
    seven = np.asarray(files.digit_image((40, 40), ink=255, paper=0))
    read = dataset.read("a.csv", text(seven))
    np.testing.assert_array_equal(
        read.stored, dataset.read("a.npz", files.npz(x=seven[None])).stored
    )
    assert read.stored.any()


def test_a_table_of_64_lines_of_64_values_is_64_pictures_as_before():
    small = np.asarray(files.digit_image((8, 8), ink=16, paper=0)).reshape(1, 64)
    assert len(dataset.read("a.csv", text(np.repeat(small, 64, axis=0)))) == 64


def test_a_picture_in_a_column_of_784_lines_is_read():
    read = dataset.read("a.csv", text(PIXELS[0].reshape(-1, 1)))
    np.testing.assert_array_equal(read.stored, PIXELS[:1])


def test_a_table_of_something_else_says_what_was_expected():
    read = dataset.read("a.csv", b"sepal,petal,kind\n1,2,3\n" * 3)
    assert "Its first line has 3 columns. Expected 784" in read.skipped[0].reason
