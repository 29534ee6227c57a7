"""One digit through every lane: where the lanes diverge, and what each layer outputs."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from app.inspect import browser_lanes, conclusion, controls, run
from app.inspect import shared as inspect_shared
from app.inspect import state as inspect_state
from app.inspect.results import chart_specs, feature_maps, findings, tables
from app.inspect.results.feature_maps import Values
from app.inspect.run import Inspection
from app.session import state
from app.ui import chart_theme, markup, table_columns, templates
from models.bisect.bisection import Bisection
from models.digit.digit import Digit
from models.errors import DigitParityError, shown
from models.formats import store
from models.lanes import Lane, Weights
from models.parity.figures import short

_FIGURES = dict.fromkeys(
    ("max abs", "mean abs", "of the largest value", "allowed"), table_columns.DIFFERENCE
)


def show() -> Inspection | None:
    """Show controls, verdict, chart and feature maps; return the inspection."""
    with st.container(horizontal=True, key="inspect-controls", gap="medium"):
        digit = controls.digit()
        weights = controls.weights()
        backend = controls.backend()
        rtol = controls.tolerance()
    inspection = _inspect(digit, weights, backend)
    if inspection is None:
        return None
    bisections = inspection.bisections(rtol)
    errors = inspection.errors()
    waiting, failed = _waiting(inspection, backend), list(errors)
    with st.container(key="inspect-verdict"):
        markup.verdict(findings.verdict(bisections, waiting=waiting, failed=failed, rtol=rtol))
    markup.listed(findings.reasons(bisections))
    for lane, reason in errors.items():
        markup.note(f"{lane}: {reason}")
    if inspection.browser and inspection.browser.fallback:
        markup.note(f"{inspection.browser.fallback} Used {inspection.browser.backend} instead.")
    conclusion.show(inspection, _runtime(backend))
    layers = (
        _longest(bisections)[0] if bisections else run.layers(inspection.model, inspection.weights)
    )
    if layers and (bisections or waiting):
        _chart(inspection, bisections, layers, runtime=_runtime(backend), rtol=rtol)
    if bisections:
        _maps(inspection, bisections)
    if not (inspection.server_done and conclusion.answered(inspection)):
        _watch(inspection)
    return inspection


def _inspect(digit: Digit, weights: Weights, backend: str) -> Inspection | None:
    model = state.model()
    version = store.version(model)
    key, asked = (digit.id, model, version, weights, backend), (model, version, weights, backend)
    known = inspect_state.answers(asked)
    try:
        inspection = inspect_state.inspection(key)
        if inspection is None:
            inspection = run.begin(model, digit, weights)
            inspect_state.keep_inspection(key, inspection)
        with st.container(key="inspect-component"):
            answer = browser_lanes.mount(
                digit if inspection.browser is None else None,
                token=inspection.token,
                model=model,
                weights=weights,
                backend=backend,
                operations=run.operations(model, weights),
                sample=inspect_shared.digits().stored if known is None else None,
            )
    except DigitParityError as error:
        st.error(shown(error), icon=":material/error:")
        return None
    if answer is not None:
        inspection.browser = answer
        if answer.answers:
            inspect_state.keep_answers(asked, answer.answers)
    inspection.answers = inspect_state.answers(asked) or {}
    return inspection


def _waiting(inspection: Inspection, backend: str) -> list[Lane]:
    waiting = [lane for lane, future in inspection.server.items() if not future.done()]
    if inspection.browser is None:
        waiting += [each for each in inspection.compared(_runtime(backend)) if each.in_browser]
    return waiting


def _runtime(backend: str) -> str:
    """The runtime that the browser's lanes will most likely use."""
    return f"tfjs/{state.expected_backend(backend)}"


@st.fragment(run_every=0.5)
def _watch(inspection: Inspection) -> None:
    """Rerun once TensorFlow's lanes have answered."""
    if inspection.server_done and conclusion.answered(inspection):
        st.rerun()


def _chart(
    inspection: Inspection,
    bisections: Sequence[Bisection],
    layers: Sequence[str],
    *,
    runtime: str,
    rtol: float,
) -> None:
    """Show the chart with every lane's colour, even before the first lane has answered."""
    lanes = inspection.compared(runtime)
    with st.container(key="inspect-legend"):
        markup.legend(lanes)
    chart_theme.draw(
        chart_specs.depth_spec(tuple(map(str, lanes)), layers, rtol),
        chart_specs.depth(bisections),
        title="Difference after each layer, from the first down to the last",
        how=f"The largest difference from {inspection.reference} as a share of the layer's largest "
        "value, on a log scale. Right of the dashed line (×): beyond the tolerance.",
        key="inspect-depth",
        height=chart_specs.depth_height(len(layers)),
    )
    if bisections:
        with st.expander("Exact differences, as a table"):
            rows = tables.differences(bisections)
            st.dataframe(rows, hide_index=True, column_config=_FIGURES)


def _maps(inspection: Inspection, bisections: Sequence[Bisection]) -> None:
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
    layers = list(dict.fromkeys(layer for each in _longest(bisections) for layer in each))
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
    st.html(_figures(layer, *shown))


def _longest(bisections: Sequence[Bisection]) -> list[list[str]]:
    """The layers of every lane, the longest list first, which has all layers in order."""
    lists = [[row.layer for row in each.differences] for each in bisections]
    return sorted(lists, key=len, reverse=True)


def _figures(layer: str, base: tuple[Lane, Values], other: tuple[Lane, Values]) -> Markup:
    one, two = (feature_maps.channels(values) for _, values in (base, other))
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
