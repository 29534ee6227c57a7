"""What a run looks like while it runs: a line a lane, with counts and time left."""

from __future__ import annotations

import time
from html import escape

import streamlit as st

from app.upload.lane_progress import Progress
from app.upload.results import tables
from app.upload.run import Run


def show(run: Run) -> None:
    """One line a lane: name, bar, count, time left."""
    now = time.perf_counter()
    lines = "".join(_line(each, run, now) for each in run.progress)
    st.html(f'<div class="dp-progress" role="group" aria-label="Progress">{lines}</div>')


def _line(progress: Progress, run: Run, now: float) -> str:
    share = progress.done / progress.total
    failed = str(progress.error is not None).lower()
    count = f"{progress.done:,} of {progress.total:,}"
    left = escape(_time(progress, run, now))
    return (
        f'<div class="dp-line">{tables.lane(str(progress.lane))}'
        f'<div class="dp-bar dp-{progress.lane.format}" role="progressbar" '
        f'aria-label="{escape(str(progress.lane))}" aria-valuenow="{share * 100:.0f}">'
        f'<div style="width:{share:.1%}"></div></div>'
        f'<div class="dp-count">{count}</div>'
        f'<div class="dp-left" data-failed="{failed}">{left}</div></div>'
    )


def _time(progress: Progress, run: Run, now: float) -> str:
    if progress.error is not None:
        return progress.error
    if progress.finished and progress.ended is not None:
        return f"{progress.ended - run.begun:.1f} s"
    left = progress.seconds_left(now)
    return "starting …" if left is None else f"{left:.0f} s left"
