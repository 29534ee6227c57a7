"""Fabric.js drawings, as ``streamlit-drawable-canvas`` returns them, → strokes, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from models.digit.strokes import MAX_POINTS, Stroke
from models.errors import InputError

FARTHEST = 1e6  # pixels from the canvas's corner; sums of far larger ones overflow
_DOT = 0.1  # pixels, the length of a dot
_CURVE_STEPS = np.linspace(0.25, 1.0, 4)[:, None]
_ORIGIN = {"left": 0.0, "top": 0.0, "center": 0.5, "right": 1.0, "bottom": 1.0}


def strokes(drawing: Mapping[str, Any] | None) -> list[Stroke]:
    """The pen strokes of a drawing, each (n, 2) float64: x to the right, y down, in canvas pixels.

    Objects other than free-hand paths are skipped. Raises InputError when a path is not what
    Fabric.js writes, or when the drawing has more than ``MAX_POINTS`` points.
    """
    try:
        objects: Iterable[Mapping[str, Any]] = (drawing or {}).get("objects", [])
        pen_strokes = [_stroke(each) for each in objects if str(each.get("type")).lower() == "path"]
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise InputError(
            f"The canvas sent a drawing that cannot be read: {str(error)[:200]}."
        ) from error
    if sum(map(len, pen_strokes)) > MAX_POINTS:
        raise InputError(
            f"The drawing has more than {MAX_POINTS:,} points. Clear it and try again."
        )
    return pen_strokes


def objects(strokes: Sequence[Stroke], pen: float) -> list[dict[str, Any]]:
    """Strokes, each (n, 2), as white paths that Fabric.js shows, with a pen of this width."""
    return [_object(np.asarray(stroke, np.float64), pen) for stroke in strokes if len(stroke)]


def _object(points: Stroke, pen: float) -> dict[str, Any]:
    if len(points) == 1:  # no browser paints a line that has no length
        points = np.concatenate([points, points + np.array([_DOT, 0.0])])
    low, high = points.min(axis=0), points.max(axis=0)
    (left, top), (width, height) = ((low + high) / 2).tolist(), (high - low).tolist()
    look = {"fill": None, "stroke": "#FFFFFF", "strokeLineCap": "round", "strokeLineJoin": "round"}
    return look | {
        "type": "Path",
        "path": [["L" if at else "M", *point] for at, point in enumerate(points.tolist())],
        "originX": "center",
        "originY": "center",
        "left": left,
        "top": top,
        "width": width,
        "height": height,
        "strokeWidth": pen,
    }


def _stroke(path: Mapping[str, Any]) -> Stroke:
    with np.errstate(all="ignore"):  # overflow gives infinity or NaN, refused below
        points = _placed(_flatten(path["path"]), path)
    if not (np.abs(points) <= FARTHEST).all():  # NaN is refused too
        raise ValueError(f"a coordinate is not a number up to {FARTHEST:,.0f}")
    return points


def _flatten(commands: Sequence[Sequence[Any]]) -> Stroke:
    """SVG path commands M, L and Q (all that a pencil writes) → points along the path."""
    parts: list[Stroke] = []
    for name, *numbers in commands:
        coordinates = np.asarray(numbers, np.float64).reshape(-1, 2)
        if name in ("M", "L"):
            parts.append(coordinates[:1])
        elif name == "Q":
            start, (control, end) = parts[-1][-1], coordinates
            t = _CURVE_STEPS
            parts.append((1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end)
        else:
            raise ValueError(f"path command {name!r}")
    return np.concatenate(parts)


def _placed(points: Stroke, path: Mapping[str, Any]) -> Stroke:
    """Where the points are on the canvas: the edit tool moves, scales, turns and flips objects.

    Fabric keeps a path's own coordinates and writes the change beside them: the centre of the
    path's box goes to the object's centre (https://fabricjs.com/docs/transformations/).
    """
    low, high = points.min(axis=0), points.max(axis=0)
    scale = np.array([path.get("scaleX", 1), path.get("scaleY", 1)], np.float64)
    flip = np.array([-1 if path.get("flipX") else 1, -1 if path.get("flipY") else 1])
    turn = np.deg2rad(float(path.get("angle", 0)))
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    pen = 0.0 if path.get("strokeUniform") else float(path.get("strokeWidth", 0))
    size = (np.array([path["width"], path["height"]], np.float64) + pen) * scale
    origin = np.array(
        [_ORIGIN[path.get("originX", "left")], _ORIGIN[path.get("originY", "top")]], np.float64
    )
    corner = np.array([path["left"], path["top"]], np.float64)
    centre = corner + rotation @ ((0.5 - origin) * size)
    placed: Stroke = ((points - (low + high) / 2) * scale * flip) @ rotation.T + centre
    return placed
