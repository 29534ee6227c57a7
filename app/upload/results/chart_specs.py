"""Charts of a test set: how far lanes differ, and which classes they confuse."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.ui import chart_templates, palette
from app.ui.chart_theme import Spec

_TEMPLATES = Path(__file__).with_name("charts.json")


def differences(lanes: Sequence[str]) -> Spec:
    """The chart for ``frames.differences``: images per power of ten, a bar for each lane."""
    return chart_templates.spec(_TEMPLATES, "differences", chart_templates.lane_places(lanes))


def confusion(lane: str, classes: Sequence[str]) -> Spec:
    """The chart for ``frames.confusion``: labels in rows, readings in columns, errors in red."""
    places = {"colour": palette.colour_of(lane), "classes": list(classes)}
    return chart_templates.spec(_TEMPLATES, "confusion", places)
