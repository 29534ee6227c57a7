"""A benchmark's report as JSON: what the browser sends, and what a visitor saves or drops.

``parse`` accepts that format and refuses everything else, whatever its source.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from app.benchmark import checked as checks
from app.benchmark.report import BATCHES, LaneTimes, Memory, Report
from app.frontend import report_values
from models.errors import InputError
from models.lanes import BACKENDS, FORMATS, WEIGHTS, Backend, Lane, Times

SCHEMA = "digit-parity/benchmark/2"
UNCHECKED = "digit-parity/benchmark/1"  # what versions wrote that did not look at the answers
STAGES = ("before", "loaded", "after")

MAX_FILE = 2_000_000
MAX_LANES = len(FORMATS) * len(WEIGHTS) * (len(BACKENDS) + 2)
MAX_SAMPLES = 1_000
MAX_ENVIRONMENT = 32


def to_json(report: Report) -> str:
    """The report as JSON, which ``from_file`` reads back. Equal reports give equal text."""
    content = {
        "schema": SCHEMA,
        "model": report.model,
        "model_version": report.model_version,
        "cancelled": report.cancelled,
        "quick": report.quick,
        "environment": dict(report.environment),
        "script_ms": report.script_ms,
        "backends": dict(report.backends),
        "memory": {stage: vars(memory) for stage, memory in report.memory.items()},
        "lanes": [_lane_json(each) for each in report.lanes],
    }
    return json.dumps(content, indent=1, allow_nan=False, ensure_ascii=False)


def _lane_json(lane: LaneTimes) -> dict[str, Any]:
    return {
        "lane": str(lane.lane),
        "load_ms": lane.times.load_ms,
        "first_ms": lane.times.first_ms,
        "steady_ms": list(lane.times.steady_ms),
        "turns": list(lane.turns),
        "batches": [
            {"size": size, "ms": list(ms), "turns": list(lane.batch_turns.get(size, ()))}
            for size, ms in lane.batches.items()
        ],
        "error": lane.error,
        "checked": None if lane.checked is None else vars(lane.checked),
    }


def from_file(raw: bytes) -> Report:
    """Read a report file. Raises InputError for anything else."""
    if len(raw) > MAX_FILE:
        raise InputError(
            f"The file has {len(raw):,} bytes; a report has at most {MAX_FILE:,}. "
            "Drop a file that the Benchmark page's Download button wrote."
        )
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise InputError(
            "The file is not JSON. Drop a file that the Benchmark page's Download button wrote."
        ) from error
    return parse(content)


def parse(raw: Any) -> Report:
    """Check every value and return the ``Report``. Raises InputError for an invalid one."""
    try:
        if raw["schema"] not in (SCHEMA, UNCHECKED):
            raise ValueError(f"its schema is not {SCHEMA}")
        old = raw["schema"] == UNCHECKED
        lanes = tuple(
            _lane(each, old) for each in report_values.listed(raw["lanes"], MAX_LANES, "lanes")
        )
        if len({each.lane for each in lanes}) != len(lanes):
            raise ValueError("a lane is there twice")
        return Report(
            model=report_values.text(raw["model"]),
            model_version=report_values.text(raw["model_version"]),
            lanes=lanes,
            script_ms=_optional(raw["script_ms"]),
            backends=_starts(report_values.mapping(raw["backends"], len(BACKENDS))),
            memory=_stages(report_values.mapping(raw["memory"], len(STAGES))),
            environment={
                report_values.text(key): report_values.text(value)
                for key, value in report_values.mapping(raw["environment"], MAX_ENVIRONMENT).items()
            },
            cancelled=report_values.flag(raw["cancelled"], "cancelled"),
            quick=not old and report_values.flag(raw["quick"], "quick"),
        )
    except KeyError as error:
        raise _refused(f"{str(error)[: report_values.MAX_TEXT]} is missing") from error
    except (TypeError, ValueError, OverflowError) as error:
        raise _refused(str(error)[: report_values.MAX_TEXT]) from error


def _refused(reason: str) -> InputError:
    return InputError(
        f"This is not a benchmark report: {reason}. "
        "Measure again, or drop a file that the Benchmark page's Download button wrote."
    )


def _lane(raw: Any, old: bool) -> LaneTimes:
    batches: dict[int, tuple[float, ...]] = {}
    batch_turns: dict[int, tuple[int, ...]] = {}
    for each in report_values.listed(raw["batches"], len(BATCHES), "batches"):
        size = each["size"]
        if isinstance(size, bool) or size not in BATCHES or size in batches:
            raise ValueError(f"batches must be of {', '.join(map(str, BATCHES))} images, each once")
        batches[int(size)] = _samples(each["ms"])
        if turns := _turns(each.get("turns", []), batches[int(size)]):
            batch_turns[int(size)] = turns
    times = Times(_optional(raw["load_ms"]), _optional(raw["first_ms"]), _samples(raw["steady_ms"]))
    error = None if raw["error"] is None else report_values.text(raw["error"])
    turns = _turns(raw.get("turns", []), times.steady_ms)
    lane = Lane.parse(report_values.text(raw["lane"]))
    checked = None if old else checks.parse(raw["checked"])
    return LaneTimes(lane, times, batches, turns, batch_turns, error, checked)


def _starts(raw: Mapping[Any, Any]) -> dict[Backend, float]:
    if unknown := [name for name in raw if name not in BACKENDS]:
        raise ValueError(f"{str(unknown[0])[: report_values.MAX_TEXT]!r} is no backend")
    return {name: report_values.milliseconds(raw[name]) for name in BACKENDS if name in raw}


def _stages(raw: Mapping[Any, Any]) -> dict[str, Memory]:
    if unknown := [name for name in raw if name not in STAGES]:
        raise ValueError(f"memory at {str(unknown[0])[: report_values.MAX_TEXT]!r} is unknown")
    return {
        stage: Memory(
            report_values.count(raw[stage]["tensors"]), report_values.count(raw[stage]["bytes"])
        )
        for stage in STAGES
        if stage in raw
    }


def _samples(raw: Any) -> tuple[float, ...]:
    return tuple(
        report_values.milliseconds(each) for each in report_values.listed(raw, MAX_SAMPLES, "times")
    )


def _turns(raw: Any, times: Sequence[float]) -> tuple[int, ...]:
    """How many times each turn measured; empty for a report that does not say."""
    turns = tuple(
        report_values.count(each) for each in report_values.listed(raw, MAX_SAMPLES, "turns")
    )
    if turns and (min(turns) < 1 or sum(turns) != len(times)):
        raise ValueError("the turns are not those of the times")
    return turns


def _optional(raw: Any) -> float | None:
    return None if raw is None else report_values.milliseconds(raw)
