"""What one layer gives in two versions, channel by channel, and their difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from app.inspect import run
from app.inspect.results import compared_maps, feature_maps
from app.inspect.results.compared_maps import Version
from app.inspect.results.feature_maps import Values
from app.inspect.run import Inspection
from app.ui import markup, templates, version_names
from models.bisect.bisection import Bisection
from models.bisect.layer_difference import LayerDifference
from models.formats import store
from models.formats.anatomy import is_input
from models.formats.model_input import Input
from models.lanes import Lane, page_name, spoken
from models.runtimes.worker import thinning

Rows = Mapping[tuple[Lane, str], LayerDifference]
WIDE = 4  # a map so many times as wide as high is a strip, which lies above the others
FROM_0 = "Counted from 0, as in the tables. At first the one in which the two are farthest apart."


@dataclass(frozen=True)
class _Picked:
    """A layer, the version that is shown and the one that it is compared with."""

    layer: str
    lane: Lane
    other: Lane


def show(inspection: Inspection, bisections: Sequence[Bisection]) -> None:
    """Show one layer in two versions and their difference, at first where it is largest."""
    rows = {(each.lane, row.layer): row for each in bisections for row in each.differences}
    first_shown = next(
        ((each.lane, each.first.layer) for each in bisections if each.first),
        max(rows, key=lambda key: rows[key].relative, default=None),
    )
    if first_shown is None:
        return
    layers = list(dict.fromkeys(layer for each in longest(bisections) for layer in each))
    markup.chart_title(
        "What one layer gives", "Black is the smallest value, white the largest of both versions."
    )
    picked = _picked(inspection, rows, layers, first_shown)
    traces = inspection.traces()
    base, other = (
        traces[lane].outputs[_part(rows, lane, picked.layer)]
        for lane in (picked.other, picked.lane)
    )
    if base.shape != other.shape:
        problem = rows[picked.lane, picked.layer].problem or f"{base.shape} and {other.shape}"
        markup.note(f"Their shapes differ: {problem}.")
        return
    _compare(inspection, picked, base, other, at=layers.index(picked.layer))


def longest(bisections: Sequence[Bisection]) -> list[list[str]]:
    """The layers of every lane, the longest list first, which has all layers in order."""
    lists = [[row.layer for row in each.differences] for each in bisections]
    return sorted(lists, key=len, reverse=True)


def _picked(
    inspection: Inspection, rows: Rows, layers: Sequence[str], first_shown: tuple[Lane, str]
) -> _Picked:
    called = partial(_called, reference=inspection.reference)
    with st.container(horizontal=True, gap="medium", key="inspect-maps-controls"):
        layer = st.selectbox(
            "Layer", layers, index=layers.index(first_shown[1]), key="inspect-layer", width=200
        )
        lanes = [lane for lane, name in rows if name == layer]
        first = lanes.index(first_shown[0]) if first_shown[0] in lanes else 0
        lane = st.selectbox(
            "Version", lanes, index=first, format_func=called, key="inspect-lane", width=220
        )
        against = [inspection.reference, *(each for each in lanes if each != lane)]
        other = st.selectbox(
            "Compared with", against, format_func=called, key="inspect-against", width=220
        )
    return _Picked(layer, lane, other)


def _called(lane: Lane, reference: Lane) -> str:
    """A version's name; the reference is said to be it."""
    return page_name(lane, reference) if lane == reference else version_names.short(lane)


def _part(rows: Rows, lane: Lane, layer: str) -> str:
    """What a version calls what it computes the layer in; the reference has the layer itself."""
    return rows[lane, layer].part if (lane, layer) in rows else layer


def _compare(
    inspection: Inspection, picked: _Picked, base: Values, other: Values, *, at: int
) -> None:
    """Show both versions' values; ``at`` is the layer's place, which keeps its slider its own."""
    colours = _colours(inspection, picked)
    maps = [feature_maps.channels(each, colours) for each in (base, other)]
    what = picked.layer
    if (count := len(maps[0])) > 1 and not _all_at_once(count):
        channel = st.slider(
            f"Channel, 0 to {count - 1}",
            0,
            count - 1,
            compared_maps.farthest(*maps),
            key=f"inspect-channel-{at}-{count}",
            help=FROM_0,
        )
        maps = [each[channel : channel + 1] for each in maps]
        what = f"{picked.layer}, channel {channel}"
    reference, own = inspection.reference, int(base.size) if base.ndim == 2 else None
    versions = [
        Version(_called(lane, reference), spoken([lane], reference), each, own)
        for lane, each in zip((picked.other, picked.lane), maps, strict=True)
    ]
    whole = inspection.shapes(picked.other).get(picked.layer, base.shape)
    every = thinning.step(whole, inspection.each)
    strips = maps[0].shape[2] >= WIDE * maps[0].shape[1]
    figures = compared_maps.figures(what, *versions, every=every)
    with st.container(key="inspect-maps"):
        st.html(templates.render("inspect/results/feature_maps.html", "maps", figures, strips))
        if said := _said(maps[0], base, every, colours):
            markup.note(said)


def _all_at_once(count: int) -> bool:
    shown = f"all {count}" if count <= feature_maps.MOST else f"the first {feature_maps.MOST}"
    return st.toggle(f"Show {shown} channels at once", key="inspect-all-channels")


def _colours(inspection: Inspection, picked: _Picked) -> Input | None:
    """Where the picture's colours are, if the layer is the picture itself."""
    known = run.pairing(inspection.model, picked.lane.format, inspection.weights).reference
    if picked.layer in known and is_input(known[picked.layer]):
        return store.manifest(inspection.model).pictures()
    return None


def _said(maps: Values, whole: Values, every: int, colours: Input | None) -> str:
    """What of the layer is shown, where it is not all of it, or lies otherwise than it is."""
    said = []
    if every > 1:
        said.append(f"Of each {every} rows and columns one is shown.")
    elif colours is None and whole.ndim == 2 and whole.size > maps.shape[2]:
        said.append(f"One row of values, in lines of {maps.shape[2]}.")
    if colours is None and feature_maps.cut(whole):
        said.append(f"Shown is a corner of {' × '.join(map(str, maps.shape[1:]))} values.")
    return " ".join(said)
