"""The browser's side of a benchmark: a component that shows its progress and reports once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.benchmark import report_json
from app.benchmark.report import LaneTimes, Report, batches, quick_batches
from app.benchmark.report_json import SCHEMA
from app.benchmark.run import Benchmark
from app.frontend import component
from app.frontend.lane_wire import formats, wire
from models.errors import InputError
from models.formats import store
from models.lanes import Lane
from models.tfjs import built

ROUNDS = 30  # turns of each lane for one picture
BATCH_ROUNDS = 5  # turns of each lane at each batch size

_component = component.component(
    "digit_parity_benchmark",
    "benchmark/frontend/browser_lanes.js",
    html='<div class="dp-bench"></div>',
    isolate_styles=False,
)


def mount(bench: Benchmark | None) -> None:
    """Mount the component and keep what it reports. It measures nothing if ``bench`` is None."""
    active = bench is not None and bench.in_browser
    state = _component(
        key="benchmark-lanes",
        data={
            "bundle": built.entry(),
            "run": _plan(bench) if bench is not None and active else None,
        },
        on_report_change=lambda: None,
    )
    raw = state.get("report")
    if bench is not None and raw is not None and bench.browser is None:
        take(bench, raw)


def take(bench: Benchmark, raw: Any) -> None:
    """Keep the browser's report if it is for ``bench``; an invalid one sets ``bench.problem``."""
    if not isinstance(raw, Mapping) or raw.get("token") != bench.token:
        return  # the report of an older run
    try:
        bench.browser = _checked(report_json.parse(raw.get("report")), bench)
    except InputError as error:
        bench.problem = str(error)


def _checked(report: Report, bench: Benchmark) -> Report:
    known = formats(store.manifest(bench.model))
    expected = {Lane(form, f"tfjs/{backend}") for backend in bench.backends for form in known}
    if {each.lane for each in report.lanes} != expected:
        raise InputError("The browser reported other lanes than were asked for. Measure again.")
    if bench.asked.expected() is not None and not all(map(_is_looked_at, report.lanes)):
        raise InputError("The browser did not check every answer that it timed. Measure again.")
    return report


def _is_looked_at(lane: LaneTimes) -> bool:
    """Whether as many answers were checked as were timed."""
    timed = len(lane.times.steady_ms) + sum(len(ms) for ms in lane.batches.values())
    return timed <= (0 if lane.checked is None else lane.checked.answers)


def _plan(bench: Benchmark) -> dict[str, Any]:
    manifest, expected = store.manifest(bench.model), bench.asked.expected()
    size, is_quick = bench.digit.pixels.size, bench.seconds is not None
    return {
        "token": bench.token,
        "schema": SCHEMA,
        "model": {
            "name": bench.model,
            "version": bench.model_version,
            "paths": {name: manifest.address(name) for name in formats(manifest)},
            "input": manifest.pictures().stored(),
        },
        "backends": list(bench.backends),
        "batches": list(quick_batches(size) if is_quick else batches(size)),
        "rounds": ROUNDS,
        "batchRounds": BATCH_ROUNDS,
        "pixels": wire(bench.digit),
        "thing": "digit" if manifest.pictures().is_digit else "picture",
        "seconds": bench.seconds,
        "expected": None if expected is None else expected.wire(),
    }
