"""What gzip, bzip2 and xz packed is unpacked once, within bounds."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tracemalloc

import numpy as np
import pytest

from models import dataset
from models.dataset import Limits
from models.dataset.limits import MIB
from tests.support import dataset_files as files

PIXELS = files.digits(5)
ROWS = "\n".join(
    ",".join(map(str, [label, *row])) for label, row in enumerate(PIXELS.reshape(5, -1).tolist())
).encode()
HEADER = b"label," + b",".join(b"p%d" % at for at in range(784)) + b"\n"
PACKERS = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}


@pytest.mark.parametrize("suffix", PACKERS)
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", ROWS),
        ("a.csv", HEADER + ROWS),
        ("a", ROWS),
        ("x.npz", files.npz(x=PIXELS, y=np.arange(5))),
    ],
    ids=["table", "table with a header", "no name", "npz"],
)
def test_what_was_packed_is_read_under_its_own_name(suffix, name, content):
    packed = PACKERS[suffix](content)
    for read in (
        dataset.read(name + suffix, packed),
        dataset.read("a.zip", files.zipped({name + suffix: packed})),
    ):
        assert read.skipped == ()
        np.testing.assert_array_equal(read.stored, PIXELS)
        assert read.labels.tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_bomb_is_never_whole_in_memory(suffix):
    bomb = PACKERS[suffix](bytes(40 * MIB))
    tracemalloc.start()
    read = dataset.read_many([(f"a.csv{suffix}", bomb)], limits=Limits(file_bytes=2 * MIB))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "It unpacks to more than 2 MiB" in read.skipped[0].reason
    assert peak < 16 * MIB


@pytest.mark.parametrize("suffix", PACKERS)
def test_what_was_packed_twice_is_refused(suffix):
    read = dataset.read(f"a.csv{suffix}", PACKERS[suffix](PACKERS[suffix](ROWS)))
    assert "once more. Unpack it once." in read.skipped[0].reason


@pytest.mark.parametrize("suffix", PACKERS)
def test_what_breaks_off_is_said(suffix):
    read = dataset.read(f"a.csv{suffix}", PACKERS[suffix](ROWS)[:-20])
    assert "cannot be unpacked by" in read.skipped[0].reason
