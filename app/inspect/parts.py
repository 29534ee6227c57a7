"""What a model is made of: layers beside operations, and where each array of weights is kept."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from app.inspect.results import changes, diagram, tables
from app.inspect.run import Inspection
from app.ui import markup, table_columns
from models.formats.anatomy import Anatomy, Pairing
from models.lanes import Format

COLUMNS = {
    "bytes": table_columns.COUNT,
    "parameters": table_columns.COUNT,
    "max difference": table_columns.DIFFERENCE,
    "largest value": table_columns.EXACT,
}


def show(pairings: Mapping[Format, Pairing], inspection: Inspection) -> None:
    """Show the layers beside the graph's operations, or the parts of the only kind there is."""
    graph = pairings.get("graph")
    if graph is None or graph.matching is None:
        alone = list(pairings.values())[-1].reference
        _table(tables.parts(alone, _shapes(alone, inspection, graph=alone.format == "graph")))
        return
    layer_shapes = _shapes(graph.reference, inspection, graph=False)
    operation_shapes = _shapes(graph.other, inspection, graph=True)
    markup.note(
        "On the left the layers, in order; on the right the graph's operations. 3 → 1: one "
        "operation computes three layers, and gives what the last of them gives."
    )
    st.html(diagram.html(graph, layer_shapes, operation_shapes))
    for each, shapes in ((graph.reference, layer_shapes), (graph.other, operation_shapes)):
        title = "The graph's operations" if each is graph.other else "The layers"
        markup.label(title)
        _table(tables.parts(each, shapes), alt=title)


def weights(pairings: Mapping[Format, Pairing]) -> None:
    """Show where each format keeps the original's arrays."""
    made = {form: each for form, each in pairings.items() if each.reference.format != form}
    if not made:
        markup.note("There is no original to compare with.")
    for form, pairing in made.items():
        markup.label(f"In the {form} model")
        if said := changes.names(pairing):
            st.markdown(said)
        _table(tables.weights(pairing), alt=f"Arrays of the {form} model")


def _table(rows: pd.DataFrame, *, alt: str) -> None:
    st.dataframe(rows, hide_index=True, column_config=COLUMNS, alt=alt)


def _shapes(anatomy: Anatomy, inspection: Inspection, *, graph: bool) -> dict[str, str]:
    """The shape of each part's output, once a lane of the server has answered."""
    for lane, trace in inspection.traces().items():
        if (lane.format == "graph") == graph:
            thinned = {name: values.shape for name, values in trace.outputs.items()}
            return tables.shapes(thinned | dict(inspection.shapes(lane)), anatomy)
    return {}
