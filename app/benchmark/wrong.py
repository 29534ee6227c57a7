"""What a benchmark says of versions that answered wrongly, however fast."""

from __future__ import annotations

from collections.abc import Sequence

from app.benchmark.report import LaneTimes
from app.ui.version_names import on_backend


def wrong_answers(lanes: Sequence[LaneTimes]) -> list[str]:
    """Each version that answered wrongly, how often and from when on: it is not ranked."""
    return [_wrong(each) for each in lanes if each.is_wrong]


def _wrong(lane: LaneTimes) -> str:
    checked = lane.checked
    assert checked is not None and checked.first_wrong is not None
    what = "NaN" if checked.nan == checked.wrong else "a wrong answer"
    if checked.wrong == checked.answers:
        often = f"all {checked.answers:,} predictions"
    else:
        often = f"{checked.wrong:,} of {checked.answers:,} predictions"
        often += f", first at the {_ordinal(checked.first_wrong + 1)}"
    if 0 < checked.nan < checked.wrong:
        often += f" and NaN in {checked.nan:,} of them"
    return f"**{on_backend(lane.lane)}** gave {what} in {often}: it is not ranked."


def unchecked(lanes: Sequence[LaneTimes]) -> str | None:
    """That nobody knows whether the answers were right; None if all were looked at."""
    known = [each for each in lanes if len(each.times.steady_ms)]
    if all(each.checked is not None and each.checked.answers for each in known):
        return None
    return "The answers were not checked: a version that answers wrongly may be ranked here."


def _ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th, 1,001st."""
    if 10 < number % 100 < 14:
        return f"{number:,}th"
    return f"{number:,}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
