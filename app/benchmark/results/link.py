"""A report in a link: medians, counts and the device's name, nothing is kept on the server.

A token (``models/digit/tokens.py``) holds JSON. What it opens is a report like that of a file: each
value goes through ``report.parse``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from app.benchmark import report_json
from app.benchmark.report import LaneTimes, Report
from app.benchmark.report_json import MAX_LANES, SCHEMA
from app.benchmark.results.devices import DEVICE
from app.frontend import report_values
from models.digit import tokens
from models.errors import InputError
from models.parity.timing import by_turn, median

REPORT = "report"  # the parameter of the page's address
LONGEST = 6_000  # characters; some programs cut longer addresses
_MOST = 65_536  # bytes of the JSON
_VERSION = 1
_KEPT = (DEVICE, "browser", "cores", "gpu", "TensorFlow.js")  # of the environment
_TEXT = 200  # characters of each text
_TURNS = (41, 15, 9)  # of each version, odd; the first number that fits
_CHECKED = ("answers", "wrong", "nan", "first_wrong", "worst")
_ASK_AGAIN = "Ask for the link again, or for the file that Download JSON writes."


def encode(report: Report) -> str | None:
    """The report as letters, numbers, ``-`` and ``_``; None for one that no link has room for."""
    for turns in _TURNS:
        token = tokens.pack(json.dumps(_compact(report, turns), separators=(",", ":")).encode())
        if len(token) <= LONGEST:
            return token
    return None


def decode(token: str) -> Report:
    """The report in a token. Raises InputError for any other text."""
    if len(token) > LONGEST:
        raise InputError(
            f"The report in this link has {len(token):,} characters; no link has more than "
            f"{LONGEST:,}. {_ASK_AGAIN}"
        )
    raw = tokens.unpack(token, _MOST)
    try:
        if raw is None:
            raise ValueError("characters are missing or changed")
        return report_json.parse(_full(json.loads(raw)))
    except (KeyError, TypeError, ValueError, RecursionError, InputError) as error:
        raise InputError(f"The report in this link is damaged. {_ASK_AGAIN}") from error


def _compact(report: Report, turns: int) -> dict[str, Any]:
    said = report.environment
    return {
        "v": _VERSION,
        "model": report.model,
        "of": report.model_version,
        "is": [report.cancelled, report.quick],
        "on": {key: said[key][:_TEXT] for key in _KEPT if key in said},
        "start": {name: _short(ms) for name, ms in report.backends.items()},
        "lanes": [_row(each, turns) for each in report.lanes],
    }


def _row(lane: LaneTimes, turns: int) -> list[Any]:
    times = lane.times
    return [
        str(lane.lane),
        _short(times.load_ms),
        _short(times.first_ms),
        _few(times.steady_ms, lane.turns, turns),
        [[size, _short(median(ms))] for size, ms in lane.batches.items() if ms],
        None if lane.checked is None else astuple(lane.checked),
        None if lane.error is None else lane.error[:_TEXT],
    ]


def _full(content: Any) -> dict[str, Any]:
    """The content as a report's JSON has it, unchecked."""
    if content["v"] != _VERSION:
        raise ValueError("another version wrote it")
    cancelled, quick = content["is"]
    return {
        "schema": SCHEMA,
        "model": content["model"],
        "model_version": content["of"],
        "cancelled": cancelled,
        "quick": quick,
        "environment": content["on"],
        "script_ms": None,
        "backends": content["start"],
        "memory": {},
        "lanes": [_lane(each) for each in report_values.listed(content["lanes"], MAX_LANES)],
    }


def _lane(row: Any) -> dict[str, Any]:
    name, load_ms, first_ms, times, batches, checked, error = row
    return {
        "lane": name,
        "load_ms": load_ms,
        "first_ms": first_ms,
        "steady_ms": times,
        "batches": [{"size": size, "ms": [ms]} for size, ms in batches],
        "checked": None if checked is None else dict(zip(_CHECKED, checked, strict=True)),
        "error": error,
    }


def _few(times: Sequence[float], turns: Sequence[int], most: int) -> list[float | None]:
    """At most so many of the turns' medians, sorted, evenly spaced by rank with both ends, around
    the median of all times: whoever opens the link reads the very time that was measured.
    """
    if not len(times):
        return []
    ranked = sorted(by_turn(times, turns))
    kept, last = min(most, len(ranked)), len(ranked) - 1
    few = [ranked[round(at * last / max(1, kept - 1))] for at in range(kept)]
    middle, half = median(times), kept // 2
    below, above = few[:half], few[half + kept % 2 :]
    around = (*(min(ms, middle) for ms in below), middle, *(max(ms, middle) for ms in above))
    return [_short(ms) for ms in around]


def _short(ms: float | None) -> float | None:
    return None if ms is None else float(f"{ms:.6g}")
