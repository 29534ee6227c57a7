"""Layer by layer: one digit through every lane, where they part, and what each layer gives."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from app.inspect import browser_lanes, controls, run
from app.inspect import state as inspect_state
from app.inspect.results import chart_specs, feature_maps, findings, tables
from app.inspect.results.feature_maps import Values
from app.inspect.run import Look
from app.session import state
from app.ui import chart_theme, markup, table_columns, templates
from models.bisect.bisection import Bisection
from models.digit.digit import Digit
from models.errors import DigitParityError
from models.formats import store
from models.lanes import Lane, Weights
from models.parity.figures import short

_FIGURES = dict.fromkeys(
    ("max abs", "mean abs", "of the largest value", "allowed"), table_columns.DIFFERENCE
)


def show() -> Look | None:
    """The controls, the verdict, the chart and the maps; returns what has been asked."""
    with st.container(horizontal=True, key="inspect-controls", gap="medium"):
        digit = controls.digit()
        weights = controls.weights()
        backend = controls.backend()
        rtol = controls.tolerance()
    look = _look(digit, weights, backend)
    if look is None:
        return None
    found = look.bisections(rtol)
    errors = look.errors()
    waiting, failed = _waiting(look, backend), list(errors)
    with st.container(key="inspect-verdict"):
        markup.verdict(findings.verdict(found, waiting=waiting, failed=failed, rtol=rtol))
    markup.listed(findings.reasons(found))
    for lane, said in errors.items():
        markup.note(f"{lane}: {said}")
    if look.browser and look.browser.fallback:
        markup.note(f"{look.browser.fallback} Used {look.browser.backend} instead.")
    layers = _longest(found)[0] if found else run.layers(look.model, look.weights)
    if layers and (found or waiting):
        _chart(look, found, layers, runtime=_runtime(backend), rtol=rtol)
    if found:
        _maps(look, found)
    if not look.server_done:
        _watch(look)
    return look


def _look(digit: Digit, weights: Weights, backend: str) -> Look | None:
    model = state.model()
    key = (digit.id, model, store.version(model), weights, backend)
    try:
        look = inspect_state.look(key)
        if look is None:
            look = run.begin(model, digit, weights)
            inspect_state.keep_look(key, look)
        with st.container(key="inspect-component"):
            answer = browser_lanes.mount(
                digit if look.browser is None else None,
                token=look.token,
                model=model,
                weights=weights,
                backend=backend,
                operations=run.operations(model, weights),
            )
    except DigitParityError as error:
        st.error(str(error), icon=":material/error:")
        return None
    if answer is not None:
        look.browser = answer
    return look


def _waiting(look: Look, backend: str) -> list[Lane]:
    waiting = [lane for lane, future in look.server.items() if not future.done()]
    if look.browser is None:
        waiting += [each for each in look.compared(_runtime(backend)) if each.in_browser]
    return waiting


def _runtime(backend: str) -> str:
    """What the browser's lanes will most likely run on."""
    return f"tfjs/{state.expected_backend(backend)}"


@st.fragment(run_every=0.5)
def _watch(look: Look) -> None:
    """While TensorFlow works: look now and then, and show its lanes once they have answered."""
    if look.server_done:
        st.rerun()


def _chart(
    look: Look, found: Sequence[Bisection], layers: Sequence[str], *, runtime: str, rtol: float
) -> None:
    """It has its place, and every lane its colour, before the first lane has answered."""
    lanes = look.compared(runtime)
    with st.container(key="inspect-legend"):
        markup.legend(lanes)
    chart_theme.draw(
        chart_specs.depth_spec(tuple(map(str, lanes)), layers, rtol),
        chart_specs.depth(found),
        title="Difference after each layer, from the first down to the last",
        how=f"The largest difference from {look.reference} as a share of the layer's largest "
        "value, on a log scale. Right of the dashed line (×): beyond the tolerance.",
        key="inspect-depth",
        height=chart_specs.depth_height(len(layers)),
    )
    if found:
        with st.expander("Exact differences, as a table"):
            rows = tables.differences(found)
            st.dataframe(rows, hide_index=True, column_config=_FIGURES)


def _maps(look: Look, found: Sequence[Bisection]) -> None:
    """One layer in two lanes, and their difference. It starts where they are farthest apart."""
    rows = {(each.lane, row.layer): row for each in found for row in each.differences}
    start = next(
        ((each.lane, each.first.layer) for each in found if each.first),
        max(rows, key=lambda key: rows[key].relative, default=None),
    )
    if start is None:
        return
    markup.chart_title(
        "What one layer gives",
        "Channel by channel: black is the smallest value, white the largest.",
    )
    layers = list(dict.fromkeys(layer for each in _longest(found) for layer in each))
    traces = look.traces()
    with st.container(horizontal=True, gap="medium"):
        layer = st.selectbox(
            "Layer", layers, index=layers.index(start[1]), key="inspect-layer", width=200
        )
        lanes = [lane for lane, name in rows if name == layer]
        first = lanes.index(start[0]) if start[0] in lanes else 0
        lane = st.selectbox("Lane", lanes, index=first, key="inspect-lane", width=220)
        against = [look.reference, *(each for each in lanes if each != lane)]
        other = st.selectbox("Against", against, key="inspect-against", width=220)
    shown = [
        (each, traces[each].outputs[rows[each, layer].part if (each, layer) in rows else layer])
        for each in (other, lane)
    ]
    if shown[0][1].shape != shown[1][1].shape:
        markup.note(f"Their shapes differ: {rows[lane, layer].problem}.")
        return
    st.html(_figures(layer, *shown))


def _longest(found: Sequence[Bisection]) -> list[list[str]]:
    """The layers of every lane, the most complete first: it has all of them in order."""
    every = [[row.layer for row in each.differences] for each in found]
    return sorted(every, key=len, reverse=True)


def _figures(layer: str, base: tuple[Lane, Values], other: tuple[Lane, Values]) -> Markup:
    one, two = (feature_maps.channels(values) for _, values in (base, other))
    apart = abs(two.astype("float64") - one)
    low, high = feature_maps.span(one, two)
    furthest = feature_maps.span(apart)[1]
    white = f"white is {short(furthest)}" if furthest else "there is none"
    figures = [
        (one, low, high, f"{base[0]}: {low:.3g} to {high:.3g}"),
        (two, low, high, f"{other[0]}, on the same scale"),
        (apart, 0.0, furthest, f"Their difference: {white}"),
    ]
    pictures = [
        (said, feature_maps.picture(values, dark, light)) for values, dark, light, said in figures
    ]
    return templates.render("inspect/results/feature_maps.html", "maps", layer, pictures)
