"""What the Draw page says of one digit, as plain data: pieces of HTML, and rows for the charts.

Streamlit's fragment makes it (`results.py`), and so does an address of its own, for the browser
that has just drawn and does not wait for the fragment (`reading_routes.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.draw.lanes.browser_answers import Report
from app.draw.results import chart_rows
from app.draw.results.chart_rows import Rows
from app.frontend import lane_wire
from app.ui import markup
from models.digit.digit import Digit
from models.formats.manifest import Manifest
from models.lanes import Lane, LaneResult
from models.parity.verdict import Verdict, verdict

PROMPT = Verdict(
    "waiting", "Draw a digit.", "Both formats and the original answer as you lift the pen."
)

# What stands there is of another drawing than the browser's lanes have just answered.
CUT_OFF = Verdict(
    "waiting",
    "The server cannot be reached.",
    "Your browser has read what you drew; its lanes say what. The others, and the charts, are of "
    "the drawing before: they follow once the connection is back.",
)


@dataclass(frozen=True)
class Reading:
    """``digit`` is its pixels as the browser knows them, None for an empty canvas.

    ``lanes`` are all that the page has a place for, in its order; ``parts`` are HTML by the place
    where it goes, ``rows`` the charts' data by the chart's name.
    """

    digit: str | None
    lanes: tuple[str, ...]
    parts: Mapping[str, str]
    rows: Mapping[str, Rows]

    def plain(self) -> dict[str, Any]:
        """As JSON has it, nothing copied."""
        return vars(self)


def make(
    digit: Digit | None,
    answers: Mapping[Lane, LaneResult],
    report: Report | None,
    lanes: Sequence[Lane],
    manifest: Manifest,
) -> Reading:
    """Of the server's ``answers`` and the browser's ``report``; ``lanes`` holds late ones too."""
    found = results(answers, report)
    return Reading(
        digit=None if digit is None else lane_wire.wire(digit),
        lanes=tuple(map(str, lanes)),
        parts={
            "verdict": _verdict(digit, found, lanes, report, manifest),
            "given": markup.picture_html(digit),
            "cards": markup.cards_html(
                manifest.server_lanes,
                answers,
                manifest.classes,
                waiting="no digit" if digit is None else "…",
            ),
            "legend": markup.legend_html(lanes),
        },
        rows={
            "probabilities": chart_rows.probabilities(found, manifest.classes),
            "differences": chart_rows.differences(found, manifest.classes, manifest.reference),
            "pairs": chart_rows.pairs(found),
            "steady": chart_rows.steady(found),
            "load": chart_rows.load_first(found),
        },
    )


def results(answers: Mapping[Lane, LaneResult], report: Report | None) -> list[LaneResult]:
    """All that answered, the server's first."""
    return [*answers.values(), *(report.results if report else ())]


def _verdict(
    digit: Digit | None,
    found: Sequence[LaneResult],
    lanes: Sequence[Lane],
    report: Report | None,
    manifest: Manifest,
) -> str:
    if digit is None:
        return markup.verdict_html(PROMPT)
    answered = {result.lane for result in found}
    waiting = [lane for lane in lanes if lane not in answered]
    said = markup.verdict_html(
        verdict(found, waiting=waiting, classes=manifest.classes, reference=manifest.reference)
    )
    if report and report.fallback:
        said += markup.note_html(f"{report.fallback} Used {report.backend} instead.")
    return said
