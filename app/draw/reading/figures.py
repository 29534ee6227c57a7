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
from models.lanes import Lane, LaneResult, gives_nan, page_name
from models.parity import judgement
from models.parity.advice import shipping
from models.parity.apart import compared
from models.parity.judgement import ByRule, Judge, Judgement
from models.parity.verdict import Verdict, verdict

Figures = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What the visitor asked, and the model that is asked."""

    posted: BrowserAnswers
    manifest: Manifest

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """All lanes in the page's order."""
        return lane_wire.lanes(self.manifest, self.posted.backend, self.posted.weights)

    @property
    def thing(self) -> str:
        """What lanes are given."""
        return "digit" if self.manifest.pictures().is_digit else "picture"


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
        "ship": _ship(asked, answered, list(judged.values()), judge),
        "fallback": _fallback(asked.posted),
        "allowed": _allowed(judge),
        "classes": [manifest.classes[each] for each in shown],
        "likeliest": _likeliest(answered, manifest),
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
        thing=asked.thing,
    )


def _ship(
    asked: Asked, answered: Sequence[LaneResult], judged: Sequence[Judgement], judge: Judge
) -> Figures | None:
    """Which format to ship; None until the reference and the browser's lanes have answered."""
    manifest, posted = asked.manifest, asked.posted
    has_reference = any(
        each.lane == manifest.reference and each.probabilities is not None for each in answered
    )
    if not posted.results or not has_reference:
        return None
    if posted.weights != "float32":
        lane = posted.results[0].lane
        whole = manifest.size(lane.format)
        return vars(shipping.rounded(lane, manifest.size(lane.format, lane.weights), whole))
    sizes = {each.lane.format: manifest.size(each.lane.format) for each in posted.results}
    said = shipping.Words(asked.thing, posted.faster, is_chosen=posted.asked != "auto")
    return vars(shipping.ship(answered, judged, judge, sizes, said))


def _likeliest(answered: Sequence[LaneResult], manifest: Manifest) -> list[Figures]:
    """Of many classes those that the first lane takes for the likeliest; none of a few, which the
    charts show.
    """
    if not many_classes.are_many(manifest.classes):
        return []
    first = next((each for each in answered if each.probabilities is not None), None)
    if first is None or first.probabilities is None:
        return []
    top = many_classes.of_interest([first], manifest.classes)
    values = first.probabilities
    return [{"reads": manifest.classes[each], "sure": float(values[each])} for each in top]


def _fallback(posted: BrowserAnswers) -> str | None:
    return posted.fallback and f"{posted.fallback} Used {posted.backend} instead."


def _allowed(judge: Judge) -> Figures:
    is_rule = isinstance(judge, ByRule)
    says = "rounding explains" if is_rule else "fixed tolerance"
    return {"share": judgement.allowed(judge), "says": says}


def about(lane: Lane, manifest: Manifest) -> Figures:
    """What is known of a lane before it answers."""
    return {
        "lane": str(lane),
        "name": page_name(lane, manifest.reference),
        "format": lane.format,
        "inBrowser": lane.in_browser,
        "isReference": lane == manifest.reference,
    }


def _lane(
    lane: Lane,
    result: LaneResult | None,
    judged: Judgement | None,
    manifest: Manifest,
    shown: Sequence[int],
) -> Figures:
    figures = about(lane, manifest)
    if result is None:
        return figures | {"state": "waiting"}
    times = result.times
    figures |= {"loadMs": times.load_ms, "firstMs": times.first_ms}
    figures |= {"steadyMs": list(times.steady_ms)}
    if result.probabilities is None:
        differs = gives_nan(result.error)
        return figures | {"state": "failed", "error": result.error, "differs": differs}
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
