"""What a run looks like while it runs: a line a lane, with counts and time left."""

from __future__ import annotations

import time
from html import escape

import streamlit as st

from app import palette
from app.upload_run import Progress, Run
from models import metrics
from models.dataset import Dataset


def show(run: Run, data: Dataset) -> None:
    """One line a lane: name, bar, count, time left, and the accuracy so far."""
    now = time.perf_counter()
    lines = "".join(_line(each, data, run, now) for each in run.progress)
    st.html(
        f'<div class="dp-progress" role="status" aria-label="Progress of each lane">{lines}</div>'
    )


def _line(progress: Progress, data: Dataset, run: Run, now: float) -> str:
    share = progress.done / progress.total
    return (
        f'<div class="dp-progress-name">{escape(str(progress.lane))}</div>'
        f'<div class="dp-bar"><div style="width:{share:.1%};'
        f'background:{palette.of_lane(str(progress.lane))}"></div></div>'
        f'<div class="dp-count">{progress.done:,} of {progress.total:,}</div>'
        f"<div>{escape(_time(progress, run, now))}</div>"
        f"<div>{escape(_accuracy(progress, data))}</div>"
    )


def _time(progress: Progress, run: Run, now: float) -> str:
    if progress.error is not None:
        return progress.error
    if progress.finished and progress.ended is not None:
        return f"{progress.ended - run.begun:.1f} s"
    if run.cancelled:
        return "stopped"
    left = progress.seconds_left(now)
    return "starting …" if left is None else f"{left:.0f} s left"


def _accuracy(progress: Progress, data: Dataset) -> str:
    done = slice(0, progress.done)
    right = metrics.accuracy(progress.probabilities[done].argmax(axis=1), data.labels[done])
    return f"{right.share:.2%} right" if right.total else ""
