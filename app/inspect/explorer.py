"""The files with which Model Explorer shows both formats, coloured by how far each layer is off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from app.inspect import run
from app.inspect.results import explorer, tables
from app.inspect.run import Inspection
from app.ui import markup
from models.bisect.bisection import Bisection
from models.bisect.layer_difference import RTOL
from models.formats import store
from models.lanes import CONVERTED, TENSORFLOW, Format, Lane
from models.parity.figures import plain

ADDRESS = "https://github.com/google-ai-edge/model-explorer"


def offer(inspection: Inspection, bisections: Sequence[Bisection], rtol: float = RTOL) -> None:
    """Show, for each format that was compared, the buttons of its graph and of its differences.

    ``rtol`` is the tolerance, at which the colours turn from green to yellow.
    """
    formats = [form for form in CONVERTED if any(each.lane.format == form for each in bisections)]
    if not formats:
        return
    st.markdown(
        f"[Model Explorer]({ADDRESS}) is a viewer of model graphs. Open a **graph** in it, then "
        "*Add per-node data → Upload* the **differences** of the same format: a node is white "
        f"where nothing differs, green up to the tolerance of {plain(rtol)}, yellow to red beyond."
    )
    for form in formats:
        with st.container(horizontal=True, key=f"inspect-explorer-{form}"):
            _buttons(inspection, [e for e in bisections if e.lane.format == form], form, rtol)
    if "layers" in formats:
        markup.note(
            "Model Explorer opens graph models of TensorFlow.js as they are. It opens no layers "
            "models: the file here has the layers in its own format, without weights."
        )


def _buttons(
    inspection: Inspection, bisections: Sequence[Bisection], form: Format, rtol: float
) -> None:
    name = f"{inspection.model}-{form}"
    if form == "graph":
        _download("The graph model's model.json", _stored(inspection, form), f"{name}-model.json")
    else:
        _download("The layers as a graph", partial(_drawn, inspection, form), f"{name}.json")
    data = partial(explorer.node_data, bisections, rtol)
    _download(f"The {form} model's differences", data, f"{name}-differences.json")


def _download(label: str, data: Callable[[], str | bytes], name: str) -> None:
    st.download_button(
        label,
        data=data,
        file_name=name,
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        key=f"inspect-explorer-{name}",
    )


def _stored(inspection: Inspection, form: Format) -> Callable[[], bytes]:
    manifest = store.manifest(inspection.model)
    return (store.folder(inspection.model) / manifest.path(form, inspection.weights)).read_bytes


def _drawn(inspection: Inspection, form: Format) -> str:
    """The graph of a format's layers. Raises ModelError where its files changed meanwhile."""
    anatomy = run.pairing(inspection.model, form, inspection.weights).other
    known = inspection.shapes(Lane(form, TENSORFLOW, inspection.weights))
    return explorer.graph(anatomy, tables.shapes(known, anatomy))
