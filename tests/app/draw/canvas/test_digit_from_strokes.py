"""The browser and the server make the same digit of a drawing, byte for byte."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.draw.picture.drawing import drawn
from app.frontend import lane_wire
from models.digit.digit import from_levels
from models.formats import store
from models.formats.model_input import Input
from models.tfjs import bundle
from tests.support.drawing import DIGITS

DIGIT = store.manifest(store.DEFAULT).pictures()
APP = Path(__file__).resolve().parents[4] / "app"


def node(module: str, name: str, expression: str, given: Any) -> Any:
    """Evaluate an expression of ``given`` and of an export of one of the app's modules."""
    script = f"""
        import {{ readFileSync }} from 'node:fs';
        import {{ {name} }} from {json.dumps((APP / module).as_uri())};
        const given = JSON.parse(readFileSync(0, 'utf8'));
        process.stdout.write(JSON.stringify({expression}));
    """
    run = subprocess.run(
        [bundle.node(), "--input-type=module", "--eval", script],
        input=json.dumps(given),
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def in_javascript(drawings: list[dict[str, Any]]) -> list[bytes | None]:
    expression = "given.map(levels).map((digit) => digit && [...digit])"
    digits = node("draw/canvas/digit_from_strokes.js", "levels", expression, drawings)
    return [None if digit is None else bytes(digit) for digit in digits]


def in_python(drawing: dict[str, Any]) -> bytes:
    return drawn(drawing, DIGIT).levels


def path(points: NDArray[np.float64], **others: Any) -> dict[str, Any]:
    """A path as Fabric.js's pencil makes it: curves through the midpoints of the points."""
    middles = np.round((points[1:-1] + points[2:]) / 2, 4)
    curves = [["Q", *a, *b] for a, b in zip(points[1:-1].tolist(), middles.tolist(), strict=True)]
    commands = [["M", *points[0].tolist()], *curves, ["L", *points[-1].tolist()]]
    corners = np.concatenate([np.reshape(numbers, (-1, 2)) for _, *numbers in commands])
    low, high = corners.min(axis=0), corners.max(axis=0)
    (left, top), (width, height) = ((low + high) / 2).tolist(), (high - low).tolist()
    place = {"left": left, "top": top, "width": width, "height": height}
    origin = {"originX": "center", "originY": "center", "strokeWidth": 18}
    return {"type": "Path", "path": commands} | place | origin | others


def hand(rng: np.random.Generator, points: int, size: float = 100) -> NDArray[np.float64]:
    """A shaky line with coordinates of zero to four decimals."""
    line = 140 + np.cumsum(rng.normal(0, size / points, (points, 2)), axis=0)
    return np.round(line, int(rng.integers(0, 5)))


def test_random_drawings_of_one_to_five_strokes_give_the_same_bytes() -> None:
    rng = np.random.default_rng(7)
    drawings = [
        {"objects": [path(hand(rng, int(rng.integers(2, 60)))) for _ in range(1 + number % 5)]}
        for number in range(400)
    ]
    assert in_javascript(drawings) == [in_python(each) for each in drawings]


def test_the_ten_digits_give_the_same_bytes_wherever_they_are_drawn() -> None:
    drawings = [
        {"objects": [path(np.array(stroke) * size + 17.3) for stroke in DIGITS[digit]]}
        for digit in range(10)
        for size in (0.07, 0.9, 1.8)
    ]
    assert in_javascript(drawings) == [in_python(each) for each in drawings]


def test_a_scribble_of_thousands_of_points_gives_the_same_bytes() -> None:
    rng = np.random.default_rng(3)
    drawings = [{"objects": [path(hand(rng, 4_000, size=3_000))]} for _ in range(3)]
    assert in_javascript(drawings) == [in_python(each) for each in drawings]


def test_a_dot_and_a_flat_line_give_the_same_bytes() -> None:
    dot = np.array([[12.5, 80.0], [12.5, 80.0]])
    flat = np.array([[10.0, 50.0], [90.0, 50.0], [200.0, 50.0]])
    drawings = [{"objects": [path(dot)]}, {"objects": [path(flat)]}]
    drawings.append({"objects": [path(dot), path(flat)]})
    assert in_javascript(drawings) == [in_python(each) for each in drawings]


def test_ink_about_as_wide_as_the_pen_gives_the_same_bytes() -> None:
    rng = np.random.default_rng(11)
    sizes = [0.01, 3, 17.999, 18, 18.001, 19, 25]
    lines = [np.array([[100, 100], [100 + size / 2, 103], [100 + size, 100]]) for size in sizes]
    blots = [hand(rng, 12, size=size) for size in (1, 4, 8, 12, 20)]
    drawings = [{"objects": [path(each)]} for each in (*lines, *blots)]
    drawings.append({"objects": [path(each) for each in lines[:3]]})
    assert in_javascript(drawings) == [in_python(each) for each in drawings]


def test_a_tap_is_a_round_dot_for_models_of_any_size() -> None:
    tap = {"objects": [path(np.array([[140.0, 140.0], [150.0, 143.0]]))]}
    for taken in (DIGIT, Input((56, 56, 1), framing="mnist")):
        pixels = drawn(tap, taken).pixels
        tall, wide = np.ptp(np.argwhere(pixels > 0.4), axis=0) + 1
        assert abs(tall - wide) <= 1 and tall < pixels.shape[0] / 8


@pytest.mark.parametrize(
    "change", [{"scaleX": 2}, {"scaleY": 0.5}, {"angle": 30}, {"flipX": True}, {"type": "Rect"}]
)
def test_a_path_that_was_transformed_by_hand_is_left_to_the_server(change: dict[str, Any]) -> None:
    line = np.array([[10.0, 50.0], [90.0, 70.0]])
    drawings = [{"objects": [path(line), path(line + 20, **change)]}]
    assert in_javascript(drawings) == [None]


def test_an_empty_drawing_has_no_digit() -> None:
    assert in_javascript([{"objects": []}, {}]) == [None, None]


def test_the_browser_decodes_a_digit_to_exactly_the_servers_pixels() -> None:
    digit = from_levels(bytes(range(256)) * 3 + bytes(range(16)))
    wire = lane_wire.wire(digit)
    pixels = node("frontend/tfjs.js", "decode", "[...decode(given)]", wire)
    np.testing.assert_array_equal(np.array(pixels, np.float32), digit.pixels.ravel())
    levels = list(digit.levels)
    assert node("frontend/tfjs.js", "encode", "encode(Uint8Array.from(given))", levels) == wire
