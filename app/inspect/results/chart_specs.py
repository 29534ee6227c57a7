"""The Inspect page's charts: difference over depth, and size against agreement."""

from __future__ import annotations

import json
from collections.abc import Sequence
from os.path import commonprefix
from pathlib import Path

import pandas as pd

from app.ui import chart_templates
from app.ui.chart_theme import Spec
from models.bisect.bisection import Bisection
from models.bisect.layer_difference import LayerDifference
from models.lanes import page_name
from models.parity.figures import plain

FLOOR, CEILING = 1e-9, 1.0  # shares of a layer's largest value; others are drawn at the edge
_STEP = 19  # pixels per layer
_AXIS = 34  # pixels, with Streamlit's space below
_TEMPLATES = Path(__file__).with_name("charts.json")


def depth(bisections: Sequence[Bisection]) -> pd.DataFrame:
    """Columns lane, version, layer, relative, shown, max_abs, mean_abs, worst, beyond, said.

    ``version`` is the lane as pages call it, ``said`` the row in words, for who does not see it.
    """
    rows = [
        (
            str(each.lane),
            page_name(each.lane, each.reference),
            row.layer,
            row.relative,
            CEILING if row.problem else min(max(row.relative, FLOOR), CEILING),
            row.max_abs,
            row.mean_abs,
            row.problem or str(list(row.worst[1:])),
            not row.passed,
            _said(each, row),
        )
        for each in bisections
        for row in each.differences
    ]
    columns = ["lane", "version", "layer", "relative", "shown", "max_abs", "mean_abs", "worst"]
    return pd.DataFrame(rows, columns=[*columns, "beyond", "said"])


def _said(each: Bisection, row: LayerDifference) -> str:
    far = row.problem or f"{plain(float(row.relative))} of the layer's largest value"
    return f"{page_name(each.lane, each.reference)}, after {row.layer}: {far}"


def depth_spec(
    lanes: Sequence[str], layers: Sequence[str], rtol: float, *, is_empty: bool = False
) -> Spec:
    """The chart for ``depth``: a row per layer, the first on top, with a mark per lane, or with
    none yet.
    """
    places = chart_templates.lane_places(lanes) | {"layers": list(layers), "rtol": rtol}
    label = f"replace(datum.label, {json.dumps(scope(layers))}, '')"
    spec = chart_templates.spec(_TEMPLATES, "depth", places | {"label": label})
    if is_empty:  # Vega calls a group without any mark an image, which has no name
        for each in spec["layer"]:
            each["mark"]["aria"] = False
    return spec


def scope(layers: Sequence[str]) -> str:
    """How the names of operations all begin, as ``StatefulPartitionedCall/model/``: an axis has no
    room for it. Empty where there is no such beginning.
    """
    # By characters, and cut at a slash: these are no paths.
    begun = commonprefix([name for name in layers if "/" in name])  # noqa: RUF071
    return begun[: begun.rfind("/") + 1]


def depth_height(layers: int) -> int:
    """The chart's height in pixels, reserved while it loads."""
    return _STEP * layers + _AXIS


def sizes_spec(forms: Sequence[str]) -> Spec:
    """The chart for ``sizes.frame``: size across, difference from Keras up, accuracy as a label.

    ``forms`` are stored forms: a lane's name without its runtime.
    """
    return chart_templates.spec(_TEMPLATES, "sizes", chart_templates.lane_places(forms))
