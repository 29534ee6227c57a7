"""The HTML report's charts: the page's charts at a fixed size, as SVG."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from app.ui.chart_theme import CONFIG, Spec
from app.upload.results import chart_specs, frames, svg_charts, tables
from models.dataset import UNKNOWN, Dataset
from models.errors import escaped
from models.lanes import Lane
from models.parity.scores import FEW, Scores

_LOG = logging.getLogger(__name__)
_LONGEST_CLASS = 24
_MOST_PAIRS = 30  # of classes that were confused; the JSON report has 100
_BARS = {"width": {"step": 12}, "height": 200}  # pixels
_MATRIX = {"width": {"step": 30}, "height": {"step": 30}}
# Names are short already, and vl-convert takes 20 ms to fit one to a width.
_AXIS = CONFIG["axis"] | {"labelLimit": 0}
_LOOK = {
    "background": "transparent",
    "config": CONFIG | {"axis": _AXIS, "font": "system-ui, sans-serif"},
}


def cut(classes: Sequence[str]) -> tuple[str, ...]:
    """The classes' names, the long ones cut, all of them still different."""
    return tuple(
        name if len(name) <= _LONGEST_CLASS else f"{name[:_LONGEST_CLASS]}… ({place})"
        for place, name in enumerate(frames.distinct(classes))
    )


def charts(
    data: Dataset, lane_scores: Sequence[Scores], classes: Sequence[str], reference: Lane
) -> dict[str, Any]:
    """The values for the template. ``classes`` must be short names.

    ``compared`` are the lanes in the ``differences`` chart; ``confusions`` has a name and a matrix
    for each lane, of many classes a table of the pairs that were confused most. Charts that could
    not be drawn are empty.
    """
    frame = frames.differences(lane_scores, reference)
    compared = list(dict.fromkeys(frame["lane"]))
    labelled = lane_scores if (data.labels != UNKNOWN).any() else ()
    few = len(classes) <= FEW
    differences, *matrices = _draw(
        [
            _with_data(chart_specs.differences(compared), frame, _BARS),
            *(_matrix(data, one, classes) for one in labelled if few),
        ]
    )
    if not few:
        pairs = [frames.confused(data.labels, one, classes, _MOST_PAIRS) for one in labelled]
        matrices = [Markup("") if each.empty else tables.confused(each) for each in pairs]
    names = [tables.lane(str(one.lane)) for one in labelled]
    return {
        "compared": [tables.lane(lane) for lane in compared],
        "differences": differences,
        "matrix": few,
        "confusions": [each for each in zip(names, matrices, strict=True) if each[1]],
    }


def _matrix(data: Dataset, one: Scores, classes: Sequence[str]) -> Spec:
    cells = frames.confusion(data.labels, one, classes)
    spec = chart_specs.confusion(str(one.lane), classes)
    return _with_data(spec, cells[cells["images"] > 0], _MATRIX)


def _with_data(spec: Spec, data: pd.DataFrame, size: Mapping[str, Any]) -> Spec:
    return {**spec, **_LOOK, **size, "data": {"values": data.to_dict("records")}}


def _draw(specs: Sequence[Spec]) -> list[Markup]:
    """The charts as SVG. If drawing fails, they are empty and the log has the reason."""
    try:
        return [Markup(svg) for svg in svg_charts.svgs(specs)]
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        _LOG.error("A report's charts were not drawn: %s", escaped(str(error)))
        return [Markup("")] * len(specs)
