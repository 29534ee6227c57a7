"""A benchmark's answer in one sentence: which format to ship, on which backend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.benchmark import precision
from app.benchmark.report import LaneTimes, Report
from app.benchmark.results.devices import Device
from app.ui import version_names
from models.lanes import YARDSTICK, Format
from models.parity.advice.recommendation import SMALLER
from models.parity.figures import kilobytes
from models.parity.timing import Ratio, factor, median, ratio_interval
from models.parity.verdict import Kind, Verdict

_WHO = {"example": "Example", "link": "The link's report", "file": "The file's report"}
_NAMED = 2  # so many versions are named in a sentence; of more it says how many
_SECONDS = "a full run tells more"


@dataclass(frozen=True)
class About:
    """What was measured: ``thing`` is a digit or a picture, ``sizes`` are the bytes of each format,
    none where the report is about another version of the model.
    """

    thing: str
    sizes: Mapping[Format, int]


def verdict(device: Device, about: About) -> Verdict:
    """The answer that a device's report gives."""
    report = device.report
    timed = [each for each in report.lanes if _timed(each)]
    right = [each for each in timed if not each.is_wrong and each.lane != YARDSTICK]
    wrong = [each for each in timed if each.is_wrong]
    where = _where(device)
    if not timed:
        return _nothing(report, where)
    if not right:
        why = f"{_names(wrong)} gave wrong answers" if wrong else "only LiteRT was measured"
        return Verdict("differ", _said(device, "nothing can be shipped", f"{why}."), where)
    best = _best(right, about.sizes)
    took = f"{precision.time(best.times.steady_ms, best.turns)} a {about.thing}"
    headline = _said(device, _ship(best), f"{took}{_answers(right, wrong)}.")
    detail = " ".join((*_compared(best, right, about, report), where))
    kind: Kind = "differ" if wrong else "agree" if best.checked else "unsure"
    return Verdict(kind, headline, detail)


def _said(device: Device, advice: str, why: str) -> str:
    """The sentence, which says whose report it is of; it has one colon."""
    if device.origin == "own":
        return f"{_capital(advice)}: {why}"
    return f"{_WHO[device.origin]}: {advice}, {why}"


def _nothing(report: Report, where: str) -> Verdict:
    if report.cancelled:
        return Verdict("waiting", "Cancelled before anything was measured.", where)
    why = " ".join(dict.fromkeys(each.error for each in report.lanes if each.error))
    return Verdict("failed", "Nothing could be measured here.", f"{why} {where}".strip())


def _best(right: Sequence[LaneTimes], sizes: Mapping[Format, int]) -> LaneTimes:
    """The fastest in the browser, or on the server where no browser was measured; of two formats
    that are as fast the one that is much smaller.
    """
    asked = [each for each in right if each.lane.in_browser] or list(right)
    best = min(asked, key=lambda each: median(each.times.steady_ms))
    other = _other_format(best, asked)
    if other is None or _lead(other, best).beyond_noise:
        return best
    mine, its = sizes.get(best.lane.format, 0), sizes.get(other.lane.format, 0)
    return other if its and mine > SMALLER * its else best


def _ship(best: LaneTimes) -> str:
    if not best.lane.in_browser:
        return f"{version_names.on_backend(best.lane)} is the fastest"
    backend = best.lane.runtime.removeprefix("tfjs/")
    return f"ship the {version_names.form(best.lane)} model on {backend}"


def _answers(right: Sequence[LaneTimes], wrong: Sequence[LaneTimes]) -> str:
    if wrong:
        return f"; {_names(wrong)} gave wrong answers"
    if all(each.checked is not None and each.checked.answers for each in right):
        return ", and every answer was right"
    return "; the answers were not checked"


def _compared(
    best: LaneTimes, right: Sequence[LaneTimes], about: About, report: Report
) -> list[str]:
    """The figures beside the best one's: the other format, the next backend, how sure that is."""
    said = []
    other = _other_format(best, right)
    if other is not None:
        name = f"the {version_names.form(other.lane)} model there"
        said.append(f"{name} {_against(_lead(other, best))}{_sizes(best, other, about)}.")
    rest = [
        each for each in right if each.lane.in_browser and each.lane.runtime != best.lane.runtime
    ]
    if best.lane.in_browser and rest:
        second = min(rest, key=lambda each: median(each.times.steady_ms))
        name = version_names.on_backend(second.lane)
        said.append(f"{name} {_against(_lead(second, best))}.")
    if report.cancelled:
        said.append(f"The run was cancelled, {_SECONDS}.")
    return [_capital(each) for each in said]


def _against(ratio: Ratio) -> str:
    """How the other one compares with the best: its time over the best's."""
    if not ratio.comparable:
        return "was measured too seldom to compare"
    if not ratio.beyond_noise:
        return "is as fast, as far as this run can tell"
    if ratio.value < 1:
        return f"takes {factor(1 / ratio.value)} times less"
    return f"takes {factor(ratio.value)} times as long"


def _sizes(best: LaneTimes, other: LaneTimes, about: About) -> str:
    mine, its = (about.sizes.get(each.lane.format, 0) for each in (best, other))
    if not mine or not its:
        return ""
    return f", with {kilobytes(its)} to load against {kilobytes(mine)}"


def _other_format(best: LaneTimes, lanes: Sequence[LaneTimes]) -> LaneTimes | None:
    return next(
        (
            each
            for each in lanes
            if each.lane.runtime == best.lane.runtime and each.lane.format != best.lane.format
        ),
        None,
    )


def _lead(other: LaneTimes, best: LaneTimes) -> Ratio:
    return ratio_interval(
        other.times.steady_ms,
        best.times.steady_ms,
        turns=other.turns,
        other_turns=best.turns,
    )


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


def _names(lanes: Sequence[LaneTimes]) -> str:
    if len(lanes) > _NAMED:
        return f"{len(lanes)} versions"
    return " and ".join(version_names.on_backend(each.lane) for each in lanes)


def _timed(each: LaneTimes) -> bool:
    return len(each.times.steady_ms) > 0 and median(each.times.steady_ms) > 0


def _where(device: Device) -> str:
    if device.origin == "own":
        quick = ", in ten seconds" if device.report.quick else ""
        return f"Measured on this device{quick}."
    return f"Measured on {device.name}."
