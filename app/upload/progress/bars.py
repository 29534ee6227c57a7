"""Progress bars of a run: a line for each lane, with counts and time left."""

from __future__ import annotations

import time

import streamlit as st

from app.ui import templates, version_names
from app.upload.lane_progress import Progress
from app.upload.results import tables
from app.upload.run import Run


def show(run: Run) -> None:
    """Show one line for each version: name, bar, count, time left."""
    now = time.perf_counter()
    lines = [_line(each, run, now) for each in run.progress]
    st.html(templates.render("upload/progress/bars.html", "progress", lines))


def counts(run: Run) -> tuple[int, int]:
    """How many predictions are done, and of how many."""
    return sum(each.done for each in run.progress), sum(each.total for each in run.progress)


def _line(progress: Progress, run: Run, now: float) -> dict[str, object]:
    share = progress.done / progress.total
    return {
        "name": tables.lane(str(progress.lane)),
        "lane": progress.lane,
        "spoken": version_names.short(progress.lane),
        "percent": f"{share * 100:.0f}",
        "width": f"{share:.1%}",
        "count": f"{progress.done:,} of {progress.total:,}",
        "left": _time(progress, run, now),
        "failed": progress.error is not None,
    }


def _time(progress: Progress, run: Run, now: float) -> str:
    if progress.error is not None:
        return progress.error
    if progress.finished and progress.ended is not None:
        return f"{progress.ended - run.begun:.1f} s"
    left = progress.seconds_left(now)
    return "starting …" if left is None else f"{left:.0f} s left"
