"""Drawings as Fabric.js 7 writes them, recorded from the canvas and changed by hand."""

import numpy as np
import pytest

from models.digit import fabric_drawing, strokes
from models.errors import InputError

# A short horizontal pencil line from (50, 60) to (90, 60), as the canvas sends it.
LINE = {
    "type": "Path",
    "originX": "center",
    "originY": "center",
    "left": 70,
    "top": 60,
    "width": 40,
    "height": 0,
    "strokeWidth": 20,
    "scaleX": 1,
    "scaleY": 1,
    "angle": 0,
    "flipX": False,
    "flipY": False,
    "path": [["M", 50, 60], ["Q", 60, 60, 70, 60], ["Q", 80, 60, 85, 60], ["L", 90, 60]],
}


def drawing(**changes):
    return {"objects": [LINE | changes]}


def test_a_pencil_line_becomes_the_points_it_was_drawn_through():
    (stroke,) = fabric_drawing.strokes(drawing())
    assert stroke[0] == pytest.approx([50, 60])
    assert stroke[-1] == pytest.approx([90, 60])
    assert np.all(np.diff(stroke[:, 0]) > 0)


def test_a_curve_is_followed_not_cut():
    path = [["M", 0, 0], ["Q", 50, 100, 100, 0]]
    changed = {"path": path, "left": 50, "top": 25, "width": 100, "height": 50}
    (stroke,) = fabric_drawing.strokes(drawing(**changed))
    assert stroke[:, 1].max() == pytest.approx(50)  # a quadratic's peak is half its control's


def test_a_moved_object_is_read_where_it_now_lies():
    (stroke,) = fabric_drawing.strokes(drawing(left=170, top=100))
    assert stroke[0] == pytest.approx([150, 100])


def test_a_scaled_object_is_read_at_its_new_size():
    (stroke,) = fabric_drawing.strokes(drawing(scaleX=2))
    assert np.ptp(stroke[:, 0]) == pytest.approx(80)
    assert stroke.mean(axis=0)[1] == pytest.approx(60)


def test_a_turned_object_is_read_turned_clockwise_about_its_centre():
    (stroke,) = fabric_drawing.strokes(drawing(angle=90))
    assert stroke[0] == pytest.approx([70, 40])
    assert stroke[-1] == pytest.approx([70, 80])


def test_a_flipped_object_is_read_mirrored():
    (stroke,) = fabric_drawing.strokes(drawing(flipX=True))
    assert stroke[0] == pytest.approx([90, 60])


def test_an_origin_at_the_corner_includes_the_pen():
    corner = {"originX": "left", "originY": "top", "left": 40, "top": 50}
    (stroke,) = fabric_drawing.strokes(drawing(**corner))
    assert stroke[0] == pytest.approx([50, 60])


def test_other_objects_are_passed_over_and_nothing_is_no_stroke():
    assert fabric_drawing.strokes({"objects": [{"type": "Rect"}]}) == []
    assert fabric_drawing.strokes(None) == []


@pytest.mark.parametrize(
    "damage",
    [
        {"path": []},
        {"path": [["M", 1]]},
        {"path": [["Q", 1, 2, 3, 4]]},
        {"path": [["C", 1, 2, 3, 4, 5, 6]]},
        {"path": [["M", float("nan"), 2], ["L", 3, 4]]},
        {"path": [["M", "a", 2]]},
        {"path": None},
        {"left": None},
        {"originX": "elsewhere"},
    ],
)
def test_a_damaged_path_is_refused_in_words(damage):
    with pytest.raises(InputError, match="cannot be read"):
        fabric_drawing.strokes(drawing(**damage))


def test_a_huge_drawing_is_refused_in_words():
    path = [["M", 0, 0]] + [["L", i % 280, 0] for i in range(strokes.MAX_POINTS)]
    with pytest.raises(InputError, match="more than"):
        fabric_drawing.strokes(drawing(path=path))


def test_strokes_that_are_written_as_paths_are_read_as_they_were():
    given = [np.array([[10.0, 20.0], [200.0, 25.0], [90.0, 240.0]]), np.array([[5.0, 5.0], [5, 9]])]
    paths = fabric_drawing.objects([*given, np.zeros((0, 2))], pen=18)
    back = fabric_drawing.strokes({"objects": paths})
    assert len(back) == 2
    for before, after in zip(given, back, strict=True):
        assert after == pytest.approx(before)


def test_a_dot_is_written_with_a_length_that_is_painted():
    (path,) = fabric_drawing.objects([np.array([[70.0, 80.0]])], pen=18)
    assert path["path"] == [["M", 70.0, 80.0], ["L", 70.1, 80.0]] and path["width"] > 0
    (back,) = fabric_drawing.strokes({"objects": [path]})
    assert back == pytest.approx(np.array([[70.0, 80.0], [70.1, 80.0]]))
