"""One picture through every lane: where the lanes diverge, and what each layer outputs."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.inspect import browser_lanes, conclusion, controls, maps, run
from app.inspect import shared as inspect_shared
from app.inspect import state as inspect_state
from app.inspect.results import chart_specs, findings, tables
from app.inspect.run import Inspection
from app.session import state
from app.ui import chart_theme, markup, table_columns
from models.bisect.bisection import Bisection
from models.digit.digit import Digit
from models.errors import DigitParityError, shown
from models.formats import store
from models.lanes import Lane, Weights

MANY = 40  # layers in the chart: more are longer than any screen
ALL = "inspect-all-layers"
THINNED = (
    " Of large layers some rows and columns are compared, spread over all; digit-parity bisect "
    "compares every value."
)
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
        maps.longest(bisections)[0]
        if bisections
        else run.layers(inspection.model, inspection.weights)
    )
    if layers and (bisections or waiting):
        _chart(inspection, bisections, layers, runtime=_runtime(backend), rtol=rtol)
    if bisections:
        maps.show(inspection, bisections)
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
                each=inspection.each,
                sample=inspect_shared.sample(model).stored if known is None else None,
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
    lanes, frame = inspection.compared(runtime), chart_specs.depth(bisections)
    drawn = _drawn(layers, frame)
    with st.container(key="inspect-legend"):
        markup.legend(lanes)
    chart_theme.draw(
        chart_specs.depth_spec(tuple(map(str, lanes)), drawn, rtol),
        frame[frame["layer"].isin(drawn)],
        title="Difference after each layer, from the first down to the last",
        how=f"The largest difference from {inspection.reference} as a share of the layer's largest "
        "value, on a log scale. Right of the dashed line (×): beyond the tolerance."
        f"{_left_out(len(drawn), len(layers))}{THINNED if inspection.thinned else ''}",
        key="inspect-depth",
        height=chart_specs.depth_height(len(drawn)),
    )
    if bisections:
        with st.expander("Exact differences, as a table"):
            rows = tables.differences(bisections)
            st.dataframe(rows, hide_index=True, column_config=_FIGURES)


def _drawn(layers: Sequence[str], frame: pd.DataFrame) -> Sequence[str]:
    """The layers in the chart: all, or of many those that differ most and the very last."""
    if len(layers) <= MANY or st.session_state.get(ALL):
        shown = layers
    else:
        most = frame.groupby("layer")["relative"].max().sort_values(ascending=False, kind="stable")
        ranked = [name for name in (layers[-1], *most.index, *layers) if name in set(layers)]
        chosen = set(list(dict.fromkeys(ranked))[:MANY])
        shown = [name for name in layers if name in chosen]
    if len(layers) > MANY:
        st.toggle(f"All {len(layers)} layers", key=ALL)
    return shown


def _left_out(drawn: int, count: int) -> str:
    return "" if drawn == count else f" Shown are the {drawn} of {count} layers that differ most."
