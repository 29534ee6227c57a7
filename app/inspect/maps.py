"""What one layer gives in two lanes, channel by channel."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st
from markupsafe import Markup

from app.inspect import run
from app.inspect.results import feature_maps
from app.inspect.results.feature_maps import Values
from app.inspect.run import Inspection
from app.ui import markup, templates
from models.bisect.bisection import Bisection
from models.formats import store
from models.formats.anatomy import is_input
from models.formats.model_input import Input
from models.lanes import Lane
from models.parity.figures import short


def show(inspection: Inspection, bisections: Sequence[Bisection]) -> None:
    """Show one layer in two lanes and their difference, at first where it is largest."""
    rows = {(each.lane, row.layer): row for each in bisections for row in each.differences}
    first_shown = next(
        ((each.lane, each.first.layer) for each in bisections if each.first),
        max(rows, key=lambda key: rows[key].relative, default=None),
    )
    if first_shown is None:
        return
    markup.chart_title(
        "What one layer gives",
        "Channel by channel: black is the smallest value, white the largest.",
    )
    layers = list(dict.fromkeys(layer for each in longest(bisections) for layer in each))
    traces = inspection.traces()
    with st.container(horizontal=True, gap="medium"):
        layer = st.selectbox(
            "Layer", layers, index=layers.index(first_shown[1]), key="inspect-layer", width=200
        )
        lanes = [lane for lane, name in rows if name == layer]
        first = lanes.index(first_shown[0]) if first_shown[0] in lanes else 0
        lane = st.selectbox("Lane", lanes, index=first, key="inspect-lane", width=220)
        against = [inspection.reference, *(each for each in lanes if each != lane)]
        other = st.selectbox("Against", against, key="inspect-against", width=220)
    shown = [
        (each, traces[each].outputs[rows[each, layer].part if (each, layer) in rows else layer])
        for each in (other, lane)
    ]
    if shown[0][1].shape != shown[1][1].shape:
        markup.note(f"Their shapes differ: {rows[lane, layer].problem}.")
        return
    taken = store.manifest(inspection.model).pictures()
    known = run.pairing(inspection.model, lane.format, inspection.weights).reference
    colours = taken if layer in known and is_input(known[layer]) else None
    st.html(_figures(layer, shown[0], shown[1], colours))


def longest(bisections: Sequence[Bisection]) -> list[list[str]]:
    """The layers of every lane, the longest list first, which has all layers in order."""
    lists = [[row.layer for row in each.differences] for each in bisections]
    return sorted(lists, key=len, reverse=True)


def _figures(
    layer: str, base: tuple[Lane, Values], other: tuple[Lane, Values], colours: Input | None
) -> Markup:
    """``colours`` says where the picture's colours are, if this is the picture itself."""
    drawn = partial(feature_maps.channels, colours=colours)
    one, two = (drawn(values) for _, values in (base, other))
    difference = abs(two.astype("float64") - one)
    low, high = feature_maps.span(one, two)
    furthest = feature_maps.span(difference)[1]
    white = f"white is {short(furthest)}" if furthest else "there is none"
    figures = [
        (one, low, high, f"{base[0]}: {low:.3g} to {high:.3g}"),
        (two, low, high, f"{other[0]}, on the same scale"),
        (difference, 0.0, furthest, f"Their difference: {white}"),
    ]
    pictures = [
        (caption, feature_maps.picture(values, low, high)) for values, low, high, caption in figures
    ]
    return templates.render("inspect/results/feature_maps.html", "maps", layer, pictures)
