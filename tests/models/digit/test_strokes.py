"""Pen strokes: fitted, walked along and drawn."""

from __future__ import annotations

import numpy as np
import pytest

from models.digit import strokes
from models.errors import InputError


def test_fit_scales_the_longer_side_and_keeps_the_shape():
    (fitted,) = strokes.fit([np.array([[10.0, 20.0], [30.0, 60.0]])], 18)
    np.testing.assert_allclose(fitted, [[-4.5, -9], [4.5, 9]])


def test_a_dot_is_not_scaled_to_the_whole_picture():
    (fitted,) = strokes.fit([np.array([[1e6, 1e6], [1e6 + 1e-7, 1e6]])], 18)
    np.testing.assert_allclose(fitted, 0, atol=1e-6)


@pytest.mark.parametrize("size", [0.02, 9.0, 18.0])
def test_ink_within_the_pens_width_is_never_enlarged(size):
    (fitted,) = strokes.fit([np.array([[100.0, 50.0], [100.0 + size, 50.0]])], 18, pen=18)
    np.testing.assert_array_equal(fitted, 0)


def test_ink_beyond_the_pens_width_is_scaled():
    (fitted,) = strokes.fit([np.array([[100.0, 50.0], [120.0, 50.0]])], 18, pen=18)
    np.testing.assert_allclose(fitted, [[-9, 0], [9, 0]])


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
