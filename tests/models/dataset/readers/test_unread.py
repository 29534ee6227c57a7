"""What is not read has a sentence of its own; the line in it makes a file that is read."""

from __future__ import annotations

import pickle
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys

import h5py
import numpy as np
import pandas
import pytest

from models import dataset
from models.dataset.readers import unread
from tests.support import dataset_files as files

PIXELS = files.digits(12)
LABELS = np.arange(12) % 10
FLAT = PIXELS.reshape(12, -1)


def hdf5(path, **arrays):
    with h5py.File(path, "w") as file:
        for name, values in arrays.items():
            file[name] = values


def matlab_7_3(path):
    """HDF5 below MATLAB's own 512 bytes, its arrays' axes the other way round."""
    with h5py.File(path, "w", userblock_size=512) as file:
        file["X"], file["y"] = PIXELS.transpose(1, 2, 0).T, LABELS[:, None].T
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(124) + b"\0\2IM")


def sqlite(path):
    table = pandas.DataFrame(FLAT, columns=[f"pixel{at}" for at in range(784)])
    table.insert(0, "label", LABELS)
    with sqlite3.connect(path) as base:
        base.execute(f"create table digits ({', '.join(table.columns)})")
        marks = ", ".join("?" * 785)
        base.executemany(f"insert into digits values ({marks})", table.to_numpy().tolist())
    base.close()


def pickled(path):
    path.write_bytes(pickle.dumps((PIXELS, LABELS)))


def ran(reason: str, folder) -> None:
    """Runs the line between backticks, as a person would in the file's folder."""
    (line,) = re.findall(r"`([^`]+)`", reason)
    program, *rest = shlex.split(line)
    if program == "python":
        program = sys.executable
    elif shutil.which(program) is None:
        pytest.skip(f"{program} is not here")
    subprocess.run([program, *rest], cwd=folder, check=True, timeout=120)


@pytest.mark.parametrize(
    ("name", "make", "made"),
    [
        ("data.h5", lambda path: hdf5(path, x=PIXELS, y=LABELS), "data.npz"),
        (
            "data.h5",
            lambda path: hdf5(path, **{"test/data": FLAT / 255, "test/target": LABELS}),
            "data.npz",
        ),
        ("data.mat", matlab_7_3, "data-7.mat"),
        ("data.db", sqlite, "data.csv"),
        ("data.pkl", pickled, "data.npz"),
    ],
    ids=["HDF5", "HDF5 in groups", "MATLAB 7.3", "SQLite", "pickle"],
)
def test_the_line_of_a_sentence_makes_a_file_that_is_read(name, make, made, tmp_path):
    make(tmp_path / name)
    read = dataset.read(name, tmp_path / name)
    assert len(read) == 0
    ran(read.skipped[0].reason, tmp_path)
    read = dataset.read(made, tmp_path / made)
    assert read.skipped == ()
    np.testing.assert_array_equal(read.stored, PIXELS)
    np.testing.assert_array_equal(read.labels, LABELS)


SVG = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80">
<path d="M24 16 H56 L36 64" stroke="black" stroke-width="6" fill="none"/></svg>
"""


def test_the_line_of_an_svg_makes_a_picture_that_is_read(tmp_path):
    (tmp_path / "data.svg").write_text(SVG, "utf-8")
    read = dataset.read("a.svg", SVG.encode())
    ran(read.skipped[0].reason, tmp_path)
    read = dataset.read("data.png", tmp_path / "data.png")
    assert len(read) == 1 and read.stored.any() and read.skipped == ()


def test_the_line_of_a_pdf_makes_pictures_that_are_read(tmp_path):
    files.digit_image((300, 300)).save(tmp_path / "data.pdf")
    read = dataset.read("data.pdf", tmp_path / "data.pdf")
    ran(read.skipped[0].reason, tmp_path)
    read = dataset.read("page1.png", tmp_path / "page1.png")
    assert len(read) == 1 and read.stored.any() and read.skipped == ()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.h5", b"\x89HDF\r\n\x1a\nabc", "It is an HDF5 file"),
        ("a", b"SQLite format 3\0", "an SQLite database"),
        ("a.txt", b"%PDF-1.7", "a document of pages"),
        ("a", b"<svg/>", "a drawing in SVG"),
        ("a.txt", b"<!-- <b> -->\n<?xml version='1.0'?><svg/>", "a drawing in SVG"),
        ("a.bin", b"\x80\x04\x95", "a pickle"),
        ("model.pt", b"PK\x03\x04", "a pickle"),
        ("a.xlsx", b"PK\x03\x04", "a spreadsheet"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "packed in a way"),
        ("a.jp2", b"\0\0\0\x0cjP  ", "a picture of a kind"),
        ("a.html", b"<!DOCTYPE html>", "a web page"),
    ],
)
def test_each_kind_has_its_own_sentence_alone_and_in_a_zip(name, content, said):
    for read in (
        dataset.read(name, content),
        dataset.read("set.zip", files.zipped({f"in/{name}": content})),
    ):
        assert len(read) == 0 and said in read.skipped[0].reason


def test_no_sentence_is_cut_off():
    sentences = [kind.sentence for kind in unread.KINDS] + [unread.MATLAB_7_3]
    assert max(map(len, sentences)) < 1_000
    assert all(
        "…" not in dataset.read(f"a{kind.suffixes[0]}", b"?").skipped[0].reason
        for kind in unread.KINDS
        if kind.suffixes[0] != ".feather"
    )


def test_a_picture_goes_before_a_kind_that_its_name_says():
    read = dataset.read("a.pdf", files.picture())
    assert len(read) == 1 and read.skipped == ()
