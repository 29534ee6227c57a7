"""Several devices' reports side by side: a row for each device, a column for each version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from app.benchmark.report import LaneTimes
from app.benchmark.results import answers, bars
from app.benchmark.results.devices import Device
from app.ui import markup, templates, version_names
from models.lanes import BACKENDS, LITERT, Lane

_PLACES = (*(f"tfjs/{backend}" for backend in BACKENDS), LITERT)
_OTHER_MODEL = (
    "These reports are of different models, or of different versions of one: their times do not "
    "compare."
)


@dataclass(frozen=True)
class Cell:
    """``took`` is empty where nothing was measured."""

    took: str = ""
    distance: str = "–"
    is_fastest: bool = False
    is_wrong: bool = False


@dataclass(frozen=True)
class Row:
    """A device and its cells, in the columns' order."""

    name: str
    cells: Sequence[Cell]


def show(devices: Sequence[Device], *, thing: str) -> None:
    """Show the table; ``thing`` is what was measured, a digit or a picture."""
    markup.label("Devices side by side")
    markup.note("The fastest version of each device says so.")
    st.html(html(devices, thing=thing))
    if len({(each.report.model, each.report.model_version) for each in devices}) > 1:
        markup.note(_OTHER_MODEL)


def html(devices: Sequence[Device], *, thing: str) -> Markup:
    """The table's HTML."""
    lanes = versions(devices)
    columns = [version_names.on_backend(lane) for lane in lanes]
    rows = [_row(each, lanes) for each in devices]
    return templates.render("benchmark/results/matrix.html", "matrix", columns, rows, thing)


def versions(devices: Sequence[Device]) -> list[Lane]:
    """All that any device measured or tried, the browser's first."""
    found = dict.fromkeys(each.lane for device in devices for each in device.report.lanes)
    return sorted(found, key=_place)


def _place(lane: Lane) -> tuple[int, Lane]:
    return (_PLACES.index(lane.runtime) if lane.runtime in _PLACES else len(_PLACES) - 1, lane)


def _row(device: Device, lanes: Sequence[Lane]) -> Row:
    known = {each.lane: each for each in device.report.lanes}
    figures = {each.lane: each for each in bars.rows(device.report.lanes)}
    return Row(device.name, [_cell(known.get(lane), figures.get(lane)) for lane in lanes])


def _cell(lane: LaneTimes | None, figures: bars.Row | None) -> Cell:
    if lane is None or figures is None:
        return Cell()
    if not figures.took:
        return Cell(distance=figures.answers)
    return Cell(figures.took, answers.distance(lane), figures.is_fastest, figures.is_wrong)
