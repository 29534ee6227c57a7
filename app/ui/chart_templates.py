"""Chart specifications made ahead of time, with places to fill in.

Importing Altair takes two seconds of CPU time, so no page does it. Each page's ``charts.py`` makes
its templates with Altair, which are committed as ``charts.json`` beside it. A template has places
for what depends on the model: ``"$lanes"``, ``"$classes"``, ``"$colours"``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from app.ui import palette
from app.ui.chart_theme import Spec

PLACE = "$"


def spec(file: Path, name: str, places: Mapping[str, object]) -> Spec:
    """The chart ``name`` of a page's ``charts.json``, with its places filled.

    Raises KeyError for a place without a value.
    """
    filled: Spec = _filled(_templates(file)[name], places)
    return filled


def lane_places(lanes: Sequence[str]) -> dict[str, object]:
    """Values for the places that every page's charts have: lanes, colours, shapes."""
    return {
        "lanes": lanes,
        "colours": [palette.colour_of(lane) for lane in lanes],
        "shapes": [palette.shape_of(lane) for lane in lanes],
    }


@cache
def _templates(file: Path) -> dict[str, Spec]:
    templates: dict[str, Spec] = json.loads(file.read_text("utf-8"))
    return templates


def _filled(part: Any, places: Mapping[str, object]) -> Any:
    if isinstance(part, dict):
        return {name: _filled(each, places) for name, each in part.items()}
    if isinstance(part, list):
        return [_filled(each, places) for each in part]
    if isinstance(part, str) and part.startswith(PLACE):
        return places[part.removeprefix(PLACE)]
    return part
