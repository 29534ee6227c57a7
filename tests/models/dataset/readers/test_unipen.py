"""UNIPEN files: drawings with their label and writer, or refused by name."""

from __future__ import annotations

import numpy as np
import pytest

from models import dataset
from models.dataset.readers import unipen
from models.digit.strokes import MAX_POINTS
from models.errors import InputError

UNIPEN = """.VERSION 1.0
.COORD X Y
.SEGMENT DIGIT 0-1 GOOD "7"
.COMMENT 7 12 3
.PEN_DOWN
 10 100
 60 100
.PEN_UP
.PEN_DOWN
 30 20
.PEN_UP
.DT 100
.SEGMENT DIGIT 2 GOOD "1"
.COMMENT 1 13 4
.PEN_DOWN
 5 5
 5 90
.PEN_UP
"""


def test_unipen_gives_label_writer_and_strokes_with_y_down(tmp_path):
    path = tmp_path / "some.unipen"
    path.write_text(UNIPEN)
    seven, one = unipen.read_drawings(path)
    assert (seven.label, seven.writer, one.label, one.writer) == (7, 12, 1, 13)
    assert [len(stroke) for stroke in seven.strokes] == [2, 1]
    np.testing.assert_array_equal(one.strokes[0], [[5, -5], [5, -90]])


@pytest.mark.parametrize("text", ["", "hello", '.SEGMENT DIGIT 1 GOOD "x"\n', ".SEGMENT DIGIT 1\n"])
def test_a_file_without_digits_is_refused_by_name(tmp_path, text):
    path = tmp_path / "none.unipen"
    path.write_text(text)
    with pytest.raises(InputError, match=r"none\.unipen"):
        unipen.read_drawings(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        unipen.read_drawings(tmp_path / "missing")


def test_a_drawing_of_too_many_points_or_strokes_is_refused_in_words():
    head = '.SEGMENT DIGIT 0 GOOD "7"\n.PEN_DOWN\n'
    for line in ("0 0\n9 9\n", ".PEN_DOWN\n"):
        lines = (head + line * MAX_POINTS).splitlines()
        with pytest.raises(InputError, match=r"It is not .* more than 20,000 points"):
            list(unipen.parse(lines, "It"))


def test_a_tap_is_a_round_dot():
    lines = ['.SEGMENT DIGIT 0 OK "1"', ".PEN_DOWN", "200 250", ".PEN_UP"]
    read = dataset.read("taps.unipen", "\n".join([".VERSION 1.0", *lines]).encode())
    rows, columns = np.nonzero(read.stored[0] > 100)
    assert len(read) == 1 and np.ptp(rows) == np.ptp(columns) <= 3
