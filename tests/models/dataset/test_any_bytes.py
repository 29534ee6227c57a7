"""No byte string makes a reader raise: a dataset comes back, and reasons for what was left out."""

import bz2
import gzip
import io
import logging
import lzma
import tempfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import dataset
from models.dataset import Limits, Options
from models.dataset.readers import unipen
from models.formats.model_input import Input
from tests.support import dataset_files as files

UNIPEN = b"""\
.VERSION 1.0
.SEGMENT DIGIT 0 ? "8"
.COMMENT 8 1
.PEN_DOWN
1 2
3 4
.PEN_UP
"""
VALID = {
    "a.png": files.picture(),
    "a.jpg": files.picture(kind="JPEG"),
    "a.gif": files.picture(kind="GIF"),
    "a.bmp": files.picture(kind="BMP"),
    "a.webp": files.picture(kind="WEBP"),
    "a.tiff": files.picture(kind="TIFF"),
    "a.zip": files.zipped({"7/a.png": files.picture(), "b.csv": b"1,2\n"}),
    "a.npz": files.npz(x=files.digits(1), y=np.arange(1)),
    "a.npy": b"\x93NUMPY\x01\x00v\x00{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}",
    "idx3-ubyte": files.idx(files.digits(1)),
    "idx1-ubyte.gz": files.idx(np.arange(9), gz=True),
    "a.csv": b"7" + b",1" * 784 + b"\n",
    "labels.csv": b"file,label\na.png,a\n",
    "labels.json": b'[{"file": "a.png", "label": 3}]',
    "labels.txt": b"a.png 3\n",
    "rgb.npz": files.npz(x=np.zeros((2, 5, 7, 3)), y=np.array(["a", "b"])),
    "a.unipen": UNIPEN,
    "a.pgm": files.picture(kind="PPM"),
    "a.avif": files.picture(kind="AVIF"),
    "a.tar": files.tarred({"7/a.png": files.picture(), "b.csv": b"1,2\n"}),
    "a.csv.bz2": bz2.compress(b"7" + b",1" * 784 + b"\n"),
    "a.csv.xz": lzma.compress(b"7" + b",1" * 784 + b"\n"),
    "a.parquet": files.parquet({"image": [files.picture()], "label": [7]}),
    "a.feather": files.arrow({"image": [files.picture()], "label": [7]}),
    "lists.arrow": files.arrow({"x": [[1] * 784], "y": [7]}),
    "a.mat": files.mat(x=files.digits(2), y=np.arange(2)),
    "a.svm": b"7 1:0.5 784:1\n1 3:1\n",
    "bits.txt": (b"01" * 8 + b"\n") * 16 + b"7\n",
    "28.csv": (b"1," * 27 + b"1\n") * 28,
    "y_test.csv": b"label\n7\n1\n",
    "semeion.data": b"0.0 1.0 " * 128 + b"0 1 0 0 0 0 0 0 0 0\n",
    "a.arff": b"@relation a\n@attribute b real\n@data\n7" + b",1" * 784 + b"\n",
    "a.h5": b"\x89HDF\r\n\x1a\n",
    "a": b"",
}
LIMITS = Limits(file_bytes=1 << 20, unpacked_bytes=1 << 20, pixels=1_000_000, images=100)
often = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


OPTIONS = (
    Options(),
    Options(target=Input((5, 7, 3), framing="none", fit="contain"), classes=("a", "b")),
)


def assert_is_a_set(name: str, content: bytes) -> None:
    for options in OPTIONS:
        read = dataset.read_many([(name, content)], options, limits=LIMITS)
        assert len(read) or read.skipped
        assert read.stored.shape == (len(read), *options.target.picture)
        assert len(read.labels) == len(read)
        assert all(each.file and each.reason for each in read.skipped)


@pytest.mark.parametrize("name", VALID)
@given(content=st.binary(max_size=600))
@often
def test_any_bytes_under_any_name(name, content):
    assert_is_a_set(name, content)


@pytest.mark.parametrize("name", VALID)
@given(data=st.data())
@often
def test_damaged_files(name, data):
    content = bytearray(VALID[name])
    for _ in range(data.draw(st.integers(1, 8))):
        if content:
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    assert_is_a_set(name, bytes(content[: cut or None]))


@pytest.mark.parametrize("name", VALID)
def test_each_valid_file_under_every_name(name):
    for other in VALID:
        assert_is_a_set(other, VALID[name])


def _npy_gz(shape: tuple[int, ...]) -> bytes:
    file = io.BytesIO()
    np.save(file, np.zeros(shape, np.uint8))
    return gzip.compress(file.getvalue())


RAISED = {
    "bom.csv": b"\xef\xbb\xbf",
    "blank.csv": b"\n1,2\n",
    "blanks.csv": b"\n" * 5_000,
    "dot.zip": files.zipped({".": b"1,2", "7/a.png": files.picture()}),
    "none.npy.gz": _npy_gz((0, 28, 28)),
    "column.npy.gz": _npy_gz((900_000, 1, 1)),
    "far.unipen": UNIPEN.replace(b"1 2", b"-1e308 2").replace(b"3 4", b"1e308 4"),
    "many.unipen": UNIPEN.replace(b"1 2\n", b"0 0\n9 9\n" * 100_000),
}


@pytest.mark.parametrize("name", RAISED)
def test_files_that_made_a_reader_raise(name, caplog):
    assert_is_a_set(name, RAISED[name])
    assert not caplog.records  # each is refused by its reader: no unexpected error was caught


def test_pen_drawings_need_no_place_to_write_to(monkeypatch):
    def none_usable(*_args, **_options):
        raise FileNotFoundError("No usable temporary directory")

    monkeypatch.setattr(tempfile, "mkdtemp", none_usable)
    read = dataset.read("a.unipen", UNIPEN)
    assert read.labels.tolist() == [8] and read.skipped == ()


def test_a_readers_own_fault_skips_its_file_alone_and_is_logged(monkeypatch, caplog):
    def faulty(_name, _content, _collector):
        raise IndexError("a fault of ours")

    monkeypatch.setattr(unipen, "read", faulty)
    inside = files.zipped({"a.unipen": UNIPEN, "7/b.png": files.picture()})
    with caplog.at_level(logging.ERROR):
        read = dataset.read_many([("a.unipen", UNIPEN), ("b.zip", inside)])
    assert [each.file for each in read.skipped] == ["a.unipen", "b.zip/a.unipen"]
    assert read.skipped[0].reason.startswith("It could not be read (IndexError).")
    assert "a fault of ours" not in str(read.skipped) and "a fault of ours" in caplog.text
    assert read.labels.tolist() == [7]
