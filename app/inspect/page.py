"""The Inspect page: what is in each format, where they diverge, and how they were made."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from app.frontend import lane_wire
from app.inspect import layers as inspect_layers
from app.inspect import run
from app.inspect import shared as inspect_shared
from app.inspect.results import chart_specs, diagram, findings, sizes, tables
from app.inspect.run import Inspection
from app.session import state
from app.ui import chart_theme, markup, table_columns
from models.errors import DigitParityError, shown
from models.formats import store
from models.formats.anatomy import Anatomy, Pairing
from models.formats.manifest import Manifest
from models.lanes import Format

COLUMNS = {
    "bytes": table_columns.COUNT,
    "gzip bytes": table_columns.COUNT,
    "parameters": table_columns.COUNT,
    "accuracy": table_columns.SHARE,
    "max difference": table_columns.DIFFERENCE,
    "largest value": table_columns.EXACT,
    "same class": table_columns.SHARE,
}
QUESTION = "Where do the formats part?"
ANSWER = "One picture through every layer of each format; the first that differs is named."
OTHERS = (
    "Models come from the operator's disk, by a command on the server: `digit-parity add NAME "
    "model.h5`. There is no upload for them here, and that is on purpose: a Keras file can hold "
    "code that runs when it is opened."
)


def page() -> None:
    """Show where the formats diverge, what computes what, their sizes, how they were made."""
    model = state.model()
    manifest = store.manifest(model)
    markup.lead(QUESTION, ANSWER)
    _inside(model)
    _sizes(model, manifest)
    _made(model, manifest)
    markup.label("Another model")
    st.markdown(OTHERS)


@st.fragment
def _inside(model: str) -> None:
    """Show what depends on the picture: the comparison, and the shapes in the diagram."""
    inspection = inspect_layers.show()
    known = lane_wire.formats(store.manifest(model))
    try:
        pairings = {form: run.pairing(model, form, "float32") for form in known}
    except DigitParityError as error:
        st.error(shown(error), icon=":material/error:")
        return
    if (graph := pairings.get("graph")) is not None and graph.matching is not None:
        _diagram(graph, inspection)
    else:
        _parts(pairings[known[-1]], inspection)
    _changes(pairings)


def _parts(pairing: Pairing, inspection: Inspection | None) -> None:
    """The layers, or operations, of a model of which there is one kind alone."""
    markup.label("What it computes")
    graph = pairing.reference.format == "graph"
    shapes = _shapes(pairing.reference, inspection, graph=graph)
    _table(tables.parts(pairing.reference, shapes))


def _diagram(graph: Pairing, inspection: Inspection | None) -> None:
    layer_shapes = _shapes(graph.reference, inspection, graph=False)
    operation_shapes = _shapes(graph.other, inspection, graph=True)
    markup.label("What computes what")
    markup.note(
        "On the left the layers, in order; on the right the graph's operations. 3 → 1: one "
        "operation computes three layers, and gives what the last of them gives."
    )
    st.html(diagram.html(graph, layer_shapes, operation_shapes))
    with st.expander("Layers and operations, as tables"):
        for parts, shapes in ((graph.reference, layer_shapes), (graph.other, operation_shapes)):
            _table(tables.parts(parts, shapes))


def _table(rows: pd.DataFrame) -> None:
    st.dataframe(rows, hide_index=True, column_config=COLUMNS)


def _shapes(anatomy: Anatomy, inspection: Inspection | None, *, graph: bool) -> dict[str, str]:
    """The shape of each part's output, once a lane of the server has answered."""
    for lane, trace in (inspection.traces() if inspection else {}).items():
        if inspection is not None and (lane.format == "graph") == graph:
            thinned = {name: values.shape for name, values in trace.outputs.items()}
            return findings.shapes(thinned | dict(inspection.shapes(lane)), anatomy)
    return {}


def _changes(pairings: Mapping[Format, Pairing]) -> None:
    """What the conversion changed, where there is something that it was made from."""
    sentences: list[str] = []
    for form, pairing in reversed(list(pairings.items())):
        if pairing.matching is not None:
            sentences += findings.changes(pairing)
        elif pairing.reference.format != form:
            sentences.append(findings.same_numbers(pairing, f"The {form} model"))
    if not sentences:
        return
    markup.label("What the conversion changed")
    st.markdown("\n".join(f"- {each}" for each in sentences))
    form = next(iter(pairings))
    with st.expander(f"Every array of weights, and where the {form} model keeps it"):
        _table(tables.weights(pairings[form]))


@st.fragment
def _sizes(model: str, manifest: Manifest) -> None:
    answers = inspect_shared.variants(model)
    variants = sizes.variants(store.folder(model), manifest, answers)
    markup.label("Size against accuracy against agreement")
    known = sizes.measured_on(manifest)
    accuracy = f"Beside each: its accuracy on {known}, from the manifest. " if known else ""
    data = sizes.frame(variants)
    if len(data):
        chart_theme.draw(
            chart_specs.sizes_spec(tuple(data["form"])),
            data,
            title="Smaller is further left, nearer to the original further down",
            how=f"Up: the largest difference of any probability from the original's, on "
            f"{inspect_shared.called(model)}, log scale. {accuracy}"
            "Circle float32, diamond float16, square uint8.",
            key="inspect-sizes",
        )
    if not sizes.done(answers):
        _watch_variants(model)
    for lane, reason in sizes.problems(answers).items():
        markup.note(f"{lane}: {reason}")
    _table(sizes.table(variants))
    with st.expander("Every file, with its hash"):
        _table(sizes.files(variants, manifest))


@st.fragment(run_every=0.5)
def _watch_variants(model: str) -> None:
    """Show the progress of TensorFlow through the stored forms; rerun at the end."""
    answers = inspect_shared.variants(model)
    count = sum(future.done() for future in answers.values())
    if count == len(answers):
        st.rerun()
    st.progress(count / len(answers), f"Measured in TensorFlow: {count} of {len(answers)}")


def _made(model: str, manifest: Manifest) -> None:
    markup.label("How it was made")
    versions = ", ".join(f"{name} {number}" for name, number in manifest.versions.items())
    if manifest.commands:
        st.markdown(f"These commands, run in the model's folder, make the same files ({versions}):")
        with st.container(key="inspect-commands"):
            st.code("\n".join(manifest.commands), language="bash", wrap_lines=True)
    else:
        st.markdown("The manifest does not say with which commands it was converted.")
    st.download_button(
        "Download the manifest",
        data=(store.folder(model) / "manifest.json").read_bytes,
        file_name=f"{model}-manifest.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        key="inspect-manifest",
    )
    markup.note(f"Version {store.version(model)}: a hash over all files and facts in it.")
