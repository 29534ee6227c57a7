"""What the Draw page shows of one digit, as plain data: HTML and rows for the charts.

Two modules use it: the fragment (`results.py`), and the endpoint for a new drawing, which does not
wait for the fragment (`result_api.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.draw import given
from app.draw.lanes.browser_answers import BrowserAnswers
from app.draw.results import chart_rows, many_classes
from app.draw.results.chart_rows import Rows
from app.ui import markup
from models.digit.digit import Digit
from models.formats.manifest import Manifest
from models.lanes import Lane, LaneResult
from models.parity import judgement
from models.parity.verdict import Verdict, verdict

PROMPT = Verdict(
    "waiting", "Draw a digit.", "Both formats and the original answer as you lift the pen."
)
GIVE = Verdict("waiting", "Give it a picture.", "All lanes answer at once.")

# Shown because the verdict before it is about an older drawing than the browser's lanes answered.
CUT_OFF = Verdict(
    "waiting",
    "The server cannot be reached.",
    "Your browser has read what you drew; its lanes say what. The others, and the charts, are of "
    "the drawing before: they follow once the connection is back.",
)


@dataclass(frozen=True)
class Reading:
    """What all lanes read for one digit, ready to be shown.

    ``digit`` is the picture's identifier, None for an empty canvas; ``lanes`` are all that the page
    has a place for, in its order; ``parts`` is HTML by place, ``rows`` the charts' data by chart.
    """

    digit: str | None
    lanes: tuple[str, ...]
    parts: Mapping[str, str]
    rows: Mapping[str, Rows]

    def plain(self) -> dict[str, Any]:
        """The fields for JSON, not copied."""
        return vars(self)


def reading(
    digit: Digit | None,
    server_results: Mapping[Lane, LaneResult],
    browser_answers: BrowserAnswers | None,
    lanes: Sequence[Lane],
    manifest: Manifest,
    *,
    wanted: Sequence[int] = (),
) -> Reading:
    """The reading of a picture; ``lanes`` includes those that have not answered yet, ``wanted`` are
    classes that the charts show in any case.
    """
    answered = results(server_results, browser_answers)
    shown = many_classes.of_interest(answered, manifest.classes, wanted)
    taken = manifest.pictures()
    return Reading(
        digit=None if digit is None else digit.id,
        lanes=tuple(map(str, lanes)),
        parts={
            "verdict": _verdict(digit, answered, lanes, browser_answers, manifest),
            "given": markup.picture_html(digit, size=112 if given.has_canvas(taken) else 280),
            "cards": markup.cards_html(
                manifest.server_lanes,
                server_results,
                manifest.classes,
                waiting=("no digit" if taken.is_digit else "no picture") if digit is None else "…",
            ),
            "legend": markup.legend_html(lanes),
        },
        rows={
            "probabilities": chart_rows.probabilities(answered, manifest.classes, shown),
            "differences": chart_rows.differences(
                answered, manifest.classes, manifest.reference, judgement.stored(manifest), shown
            ),
            "pairs": chart_rows.pairs(answered),
            "steady": chart_rows.steady(answered),
            "load": chart_rows.load_first(answered),
        },
    )


def results(
    server_results: Mapping[Lane, LaneResult], browser_answers: BrowserAnswers | None
) -> list[LaneResult]:
    """The results of all lanes that have answered or failed, the server's first."""
    return [*server_results.values(), *(browser_answers.results if browser_answers else ())]


def _verdict(
    digit: Digit | None,
    answered: Sequence[LaneResult],
    lanes: Sequence[Lane],
    browser_answers: BrowserAnswers | None,
    manifest: Manifest,
) -> str:
    is_digit = manifest.pictures().is_digit
    if digit is None:
        return markup.verdict_html(PROMPT if is_digit else GIVE)
    done = {result.lane for result in answered}
    waiting = [lane for lane in lanes if lane not in done]
    html = markup.verdict_html(
        verdict(
            answered,
            waiting=waiting,
            classes=manifest.classes,
            reference=manifest.reference,
            judge=judgement.stored(manifest),
            thing="digit" if is_digit else "picture",
        )
    )
    if browser_answers and browser_answers.fallback:
        html += markup.note_html(
            f"{browser_answers.fallback} Used {browser_answers.backend} instead."
        )
    return html
