"""No byte string makes a reader raise: a set comes back, with a line on what was left out."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import dataset
from models.dataset import Limits
from tests.models.dataset import files

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
    "a.zip": files.packed({"7/a.png": files.picture(), "b.csv": b"1,2\n"}),
    "a.npz": files.npz(x=files.digits(1), y=np.arange(1)),
    "a.npy": b"\x93NUMPY\x01\x00v\x00{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}",
    "idx3-ubyte": files.idx(files.digits(1)),
    "idx1-ubyte.gz": files.idx(np.arange(9), gz=True),
    "a.csv": b"7" + b",1" * 784 + b"\n",
    "a.unipen": UNIPEN,
    "a.h5": b"\x89HDF\r\n\x1a\n",
    "a": b"",
}
LIMITS = Limits(file_bytes=1 << 20, unpacked_bytes=1 << 20, pixels=1_000_000, images=100)
often = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def assert_is_a_set(name: str, content: bytes) -> None:
    read = dataset.read_many([(name, content)], limits=LIMITS)
    assert len(read) or read.skipped
    assert read.stored.shape == (len(read), 28, 28) and len(read.labels) == len(read)
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
