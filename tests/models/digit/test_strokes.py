"""Pen strokes: fitted, walked along, drawn, and read from UNIPEN."""

from __future__ import annotations

import numpy as np
import pytest

from models.digit import strokes
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


def test_fit_scales_the_longer_side_and_keeps_the_shape():
    (fitted,) = strokes.fit([np.array([[10.0, 20.0], [30.0, 60.0]])], 18)
    np.testing.assert_allclose(fitted, [[-4.5, -9], [4.5, 9]])


def test_a_dot_is_not_scaled_to_the_whole_picture():
    (fitted,) = strokes.fit([np.array([[1e6, 1e6], [1e6 + 1e-7, 1e6]])], 18)
    np.testing.assert_allclose(fitted, 0, atol=1e-6)


def test_along_keeps_ends_and_leaves_no_gap():
    walked = strokes.along(np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 3.0]]), 0.5)
    np.testing.assert_array_equal(walked[[0, -1]], [[0, 0], [10, 3]])
    assert np.hypot(*np.diff(walked, axis=0).T).max() <= 0.5 + 1e-9


def test_along_a_point_that_is_repeated_is_one_point():
    assert len(strokes.along(np.ones((5, 2)))) == 1


def test_a_line_is_drawn_as_wide_as_the_pen():
    pixels = strokes.draw(strokes.along(np.array([[-8.0, 0.0], [8.0, 0.0]])), 2.0)
    assert pixels[:, 14].sum() == pytest.approx(2, abs=0.05)


def test_a_scribble_of_many_points_looks_like_the_same_points_once():
    points = np.random.default_rng(1).uniform(-8, 8, (400, 2))
    once, often = strokes.draw(points, 2.0), strokes.draw(np.tile(points, (5, 1)), 2.0)
    assert np.abs(once - often).max() < 0.2


def test_unipen_gives_label_writer_and_strokes_with_y_down(tmp_path):
    path = tmp_path / "some.unipen"
    path.write_text(UNIPEN)
    seven, one = strokes.read_unipen(path)
    assert (seven.label, seven.writer, one.label, one.writer) == (7, 12, 1, 13)
    assert [len(stroke) for stroke in seven.strokes] == [2, 1]
    np.testing.assert_array_equal(one.strokes[0], [[5, -5], [5, -90]])


@pytest.mark.parametrize("text", ["", "hello", '.SEGMENT DIGIT 1 GOOD "x"\n', ".SEGMENT DIGIT 1\n"])
def test_a_file_without_digits_is_refused_by_name(tmp_path, text):
    path = tmp_path / "none.unipen"
    path.write_text(text)
    with pytest.raises(InputError, match=r"none\.unipen"):
        strokes.read_unipen(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        strokes.read_unipen(tmp_path / "missing")


def test_a_drawing_of_too_many_points_or_strokes_is_refused_in_words():
    head = '.SEGMENT DIGIT 0 GOOD "7"\n.PEN_DOWN\n'
    for line in ("0 0\n9 9\n", ".PEN_DOWN\n"):
        lines = (head + line * strokes.MAX_POINTS).splitlines()
        with pytest.raises(InputError, match=r"It is not .* more than 20,000 points"):
            list(strokes.parse_unipen(lines, "It"))


def test_a_path_to_and_fro_has_a_limit_on_its_points_and_no_gaps():
    fro = np.tile([[-9.0, -9.0], [9.0, 9.0]], (strokes.MAX_POINTS // 2, 1))
    walked = strokes.along(fro)
    assert len(walked) < 100_000
    np.testing.assert_allclose(
        strokes.draw(walked, 2.0), strokes.draw(strokes.along(fro[:2]), 2.0), atol=0.15
    )


def test_points_too_far_apart_to_reckon_with_are_refused():
    with pytest.raises(InputError, match="no number"):
        strokes.check([np.array([[-1e308, 0.0], [1e308, 0.0]])])
