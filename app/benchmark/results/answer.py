"""A benchmark's answer in one sentence: which format to ship, on which backend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.benchmark import precision
from app.benchmark.comparing import Lead
from app.benchmark.report import LaneTimes, Report
from app.benchmark.results import choice
from app.benchmark.results.choice import Choice
from app.benchmark.results.devices import Device
from app.ui import version_names
from models.lanes import YARDSTICK, Format
from models.parity.figures import kilobytes
from models.parity.timing import factor
from models.parity.verdict import Verdict

_WHO = {"example": "Example", "link": "The link's report", "file": "The file's report"}
_NAMED = 2  # so many versions are named in a sentence; of more it says how many


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
    found = choice.choose(right, about.sizes, partial=report.partial)
    took = f"{precision.time(found.best.times.steady_ms, found.best.turns)} a {about.thing}"
    said = _said(device, _advice(found), f"{took}{_answers(right, wrong)}.")
    detail = " ".join((*_compared(found, about, report), where))
    if wrong:
        return Verdict("differ", said, detail)
    is_sure = found.is_told and found.best.checked is not None
    return Verdict("agree" if is_sure else "unsure", said, detail)


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


def _advice(found: Choice) -> str:
    """What to ship, no surer than the times are."""
    best, second = found.best, found.second
    if not best.lane.in_browser:
        return f"{version_names.on_backend(best.lane)} is the fastest"
    if not found.is_told:
        return f"too early to tell, {version_names.on_backend(best.lane)} leads so far"
    backend = best.lane.runtime.removeprefix("tfjs/")
    if second is not None and found.is_even_with(second):
        backend += f" or {second.lane.runtime.removeprefix('tfjs/')}"
    which = "either format" if found.is_either else f"the {version_names.form(best.lane)} model"
    return f"ship {which} on {backend}"


def _answers(right: Sequence[LaneTimes], wrong: Sequence[LaneTimes]) -> str:
    if wrong:
        return f"; {_names(wrong)} gave wrong answers"
    if all(each.checked is not None and each.checked.answers for each in right):
        return ", and every answer was right"
    return "; the answers were not checked"


def _compared(found: Choice, about: About, report: Report) -> list[str]:
    """The figures beside the best one's: the other format, the next backend, how sure that is."""
    end = "The run was cancelled, a full run tells more."
    if not found.is_told:
        few = "Too few times were measured to compare, a full run tells more."
        return [end if report.cancelled else few]
    said = []
    if found.other is not None:
        name = f"the {version_names.form(found.other.lane)} model there"
        against = _against(found.ahead_of(found.other))
        said.append(f"{name} {against}{_sizes(found.best, found.other, about)}.")
    if found.second is not None and found.best.lane.in_browser:
        name = version_names.on_backend(found.second.lane)
        said.append(f"{name} {_against(found.ahead_of(found.second))}.")
    if report.cancelled:
        said.append(end)
    return [_capital(each) for each in said]


def _against(lead: Lead) -> str:
    """How the other one compares with the best: its time over the best's."""
    ratio = lead.ratio
    if not lead.sure:
        return "is as fast, as far as this run can tell"
    if ratio.value < 1:
        return f"takes {factor(1 / ratio.value)} times less"
    return f"takes {factor(ratio.value)} times as long"


def _sizes(best: LaneTimes, other: LaneTimes, about: About) -> str:
    mine, its = (about.sizes.get(each.lane.format, 0) for each in (best, other))
    if not mine or not its:
        return ""
    return f", with {kilobytes(its)} to load against {kilobytes(mine)}"


def _capital(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


def _names(lanes: Sequence[LaneTimes]) -> str:
    if len(lanes) > _NAMED:
        return f"{len(lanes)} versions"
    return " and ".join(version_names.on_backend(each.lane) for each in lanes)


def _timed(each: LaneTimes) -> bool:
    return len(each.times.steady_ms) > 0 and choice.middle(each) > 0


def _where(device: Device) -> str:
    if device.origin == "own":
        quick = ", in ten seconds" if device.report.quick else ""
        return f"Measured on this device{quick}."
    return f"Measured on {device.name}."
