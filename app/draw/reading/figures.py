"""What the Draw page shows of one picture, as plain figures: the browser draws them.

One line of the stream that ``endpoint.py`` answers with; ``reading_stream.js`` has its type.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.draw.reading.posted import BrowserAnswers
from app.draw.results import chart_rows, many_classes
from app.frontend import lane_wire
from models.formats.manifest import Manifest
from models.lanes import Lane, LaneResult
from models.parity import judgement
from models.parity.judgement import ByRule, Judge, Judgement
from models.parity.verdict import Verdict, compared, verdict

Figures = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What the visitor asked, and the model that is asked."""

    posted: BrowserAnswers
    manifest: Manifest

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """All lanes in the page's order: the server's, then the browser's two."""
        return lane_wire.lanes(self.manifest, self.posted.backend, self.posted.weights)


def of(asked: Asked, from_server: Mapping[Lane, LaneResult]) -> Figures:
    """The figures of all lanes that have answered or failed, and which are waited for."""
    manifest, judge = asked.manifest, judgement.stored(asked.manifest)
    found = dict(from_server) | {each.lane: each for each in asked.posted.results}
    answered = [found[lane] for lane in asked.lanes if lane in found]
    judged = {each.lane: each for each in compared(answered, manifest.reference, judge)}
    shown = many_classes.of_interest(answered, manifest.classes, asked.posted.wanted)
    said = _verdict(asked, answered, judge)
    return {
        "digit": asked.posted.digit.id,
        "verdict": vars(said),
        "fallback": _fallback(asked.posted),
        "allowed": _allowed(judge),
        "classes": [manifest.classes[each] for each in shown],
        "lanes": [
            _lane(lane, found.get(lane), judged.get(lane), manifest, shown) for lane in asked.lanes
        ],
        "rows": {
            "differences": chart_rows.differences(
                answered, manifest.classes, manifest.reference, judge, shown
            ),
            "pairs": chart_rows.pairs(answered),
        },
    }


def _verdict(asked: Asked, answered: Sequence[LaneResult], judge: Judge) -> Verdict:
    done = {each.lane for each in answered}
    return verdict(
        answered,
        waiting=[lane for lane in asked.lanes if lane not in done],
        classes=asked.manifest.classes,
        reference=asked.manifest.reference,
        judge=judge,
        thing="digit" if asked.manifest.pictures().is_digit else "picture",
    )


def _fallback(posted: BrowserAnswers) -> str | None:
    return posted.fallback and f"{posted.fallback} Used {posted.backend} instead."


def _allowed(judge: Judge) -> Figures:
    is_rule = isinstance(judge, ByRule)
    says = "rounding explains" if is_rule else "fixed tolerance"
    return {"share": judgement.allowed(judge), "says": says}


def _lane(
    lane: Lane,
    result: LaneResult | None,
    judged: Judgement | None,
    manifest: Manifest,
    shown: Sequence[int],
) -> Figures:
    figures: Figures = {
        "lane": str(lane),
        "format": lane.format,
        "weights": lane.weights,
        "inBrowser": lane.in_browser,
        "isReference": lane == manifest.reference,
        "state": "waiting",
    }
    if result is None:
        return figures
    times = result.times
    figures |= {"loadMs": times.load_ms, "firstMs": times.first_ms}
    figures |= {"steadyMs": list(times.steady_ms)}
    if result.probabilities is None:
        return figures | {"state": "failed", "error": result.error}
    top = result.top or 0
    return figures | {
        "state": "answered",
        "reads": manifest.classes[top],
        "sure": result.confidence,
        "probabilities": [float(each) for each in result.probabilities[np.asarray(shown, int)]],
        "distance": _finite(judged.distance if judged else None),
        "differs": judged is not None and judged.kind == "differs",
    }


def _finite(value: float | None) -> float | None:
    """JSON has no NaN and no infinity: what has them differs, and its sentence says so."""
    return value if value is not None and math.isfinite(value) else None
