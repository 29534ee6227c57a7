"""One picture through every lane: asked for once, compared layer by layer, and drawn."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.inspect import browser_lanes, conclusion, maps, run
from app.inspect import shared as inspect_shared
from app.inspect import state as inspect_state
from app.inspect.controls import Choice
from app.inspect.results import chart_specs, tables
from app.inspect.run import Inspection
from app.session import state
from app.ui import chart_theme, markup, table_columns
from models.bisect.bisection import Bisection
from models.formats import store
from models.lanes import Lane
from models.parity.figures import plain

MANY = 40  # layers in the chart: more are longer than any screen
ALL = "inspect-all-layers"
THINNED = (
    " Of large layers some rows and columns are compared, spread over all; digit-parity bisect "
    "compares every value."
)
_FIGURES = dict.fromkeys(
    ("max abs", "mean abs", "of the largest value", "allowed"), table_columns.DIFFERENCE
)


def inspect(choice: Choice) -> Inspection:
    """Ask every lane, if they were not asked yet, and take what the browser has answered. Raises
    DigitParityError when a model's files, or what the browser sent, cannot be read.
    """
    model, weights, backend = state.model(), choice.weights, choice.backend
    asked = (model, store.version(model), weights, backend)
    key = (choice.digit.id, *asked)
    known = inspect_state.answers(asked)
    inspection = inspect_state.inspection(key)
    if inspection is None:
        inspection = run.begin(model, choice.digit, weights, is_ready=choice.is_ready)
        inspect_state.keep_inspection(key, inspection)
    answer = browser_lanes.mount(
        choice.digit if inspection.browser is None else None,
        token=inspection.token,
        model=model,
        weights=weights,
        backend=backend,
        operations=run.operations(model, weights),
        each=inspection.each,
        sample=inspect_shared.sample(model).stored if known is None else None,
    )
    if answer is not None:
        inspection.browser = answer
        if answer.answers:
            inspect_state.keep_answers(asked, answer.answers)
    inspection.answers = inspect_state.answers(asked) or {}
    return inspection


def waiting(inspection: Inspection, runtime: str) -> list[Lane]:
    """The lanes that have yet to answer; ``runtime`` is the browser's, until it has."""
    lanes = [lane for lane, future in inspection.server.items() if not future.done()]
    if inspection.browser is None:
        lanes += [each for each in inspection.compared(runtime) if each.in_browser]
    return lanes


def watch(inspection: Inspection) -> None:
    """Run the page again once TensorFlow's lanes have answered, and never before."""
    if not _all_known(inspection):
        _watch(inspection)


@st.fragment(run_every=0.5)
def _watch(inspection: Inspection) -> None:
    if _all_known(inspection):
        st.rerun()


def _all_known(inspection: Inspection) -> bool:
    return inspection.server_done and conclusion.answered(inspection)


def chart(inspection: Inspection, bisections: Sequence[Bisection], choice: Choice) -> None:
    """Show the chart with every lane's colour, even before the first lane has answered."""
    layers = (
        maps.longest(bisections)[0]
        if bisections
        else run.layers(inspection.model, inspection.weights)
    )
    if not layers or not (bisections or waiting(inspection, choice.runtime)):
        return
    lanes, frame = inspection.compared(choice.runtime), chart_specs.depth(bisections)
    reference = markup.original(inspection.reference)
    drawn = _drawn(layers, frame)
    marks = frame[frame["layer"].isin(drawn)]
    with st.container(key="inspect-legend"):
        markup.legend(lanes)
    chart_theme.draw(
        chart_specs.depth_spec(tuple(map(str, lanes)), drawn, choice.rtol, is_empty=marks.empty),
        marks,
        title="Difference after each layer, from the first down to the last",
        how=f"How far each version is from {reference}, as a share of the layer's largest value "
        f"(1e-7 is 0.0000001). Right of the dashed line (×): more than {plain(choice.rtol)}."
        f"{_left_out(len(drawn), len(layers))}{THINNED if inspection.thinned else ''}",
        key="inspect-depth",
        height=chart_specs.depth_height(len(drawn)),
    )


def differences(bisections: Sequence[Bisection]) -> None:
    """Show the chart's figures without rounding."""
    rows = tables.differences(bisections)
    st.dataframe(
        rows, hide_index=True, column_config=_FIGURES, alt="Exact differences after each layer"
    )


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
