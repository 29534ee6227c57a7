"""What conversion does, why there are two formats, which to ship: with this visitor's figures."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from models.lanes import Format, LaneResult
from models.manifest import Manifest
from models.verdict import max_difference, milliseconds, short

_TEXT = """
`tensorflowjs_converter` rewrites a trained Keras model as files that TensorFlow.js runs in a
browser. It writes one of two formats:

- The **layers model** ({layers_kb} here) keeps Keras's own layers. It can be looked into layer by
  layer, cut, extended and trained further in the browser.
- The **graph model** ({graph_kb}) is the same network frozen into operations: constants are merged,
  batch normalisation is folded into the convolutions. It can only predict.

Both hold the same numbers, but compute them in another order, so answers differ in the last bits:
{difference}

**Which to ship?** {advice}
"""


def panel(found: Sequence[LaneResult], manifest: Manifest) -> None:
    """A closed panel; its sentences quote what was measured for this digit, on this machine."""
    panel = st.expander(
        "What conversion does, and which format to ship",
        icon=":material/info:",
        key="about",
        on_change="rerun",  # its text is made when it is opened, not for every stroke
    )
    if panel.open:
        panel.markdown(
            _TEXT.format(
                layers_kb=_kilobytes(manifest, "layers"),
                graph_kb=_kilobytes(manifest, "graph"),
                difference=_difference(found),
                advice=_advice(found),
            )
        )


def _kilobytes(manifest: Manifest, form: Format) -> str:
    return f"{manifest.size(form) / 1000:,.0f} kB"


def _difference(found: Sequence[LaneResult]) -> str:
    worst = max_difference(found)
    if worst is None:
        return "draw a digit to see by how much."
    return f"for this digit by at most **{short(worst)}**, over all lanes."


def _advice(found: Sequence[LaneResult]) -> str:
    rule = (
        "The graph model when you only predict; the layers model when the page has to train, "
        "cut or look into the network."
    )
    timed = {
        result.lane.format: result.times.median_ms for result in found if result.lane.in_browser
    }
    graph, layers = timed.get("graph"), timed.get("layers")
    if graph is None or layers is None:
        return rule
    return (
        f"{rule} In your browser just now, one digit took the graph model "
        f"**{milliseconds(graph)}** and the layers model **{milliseconds(layers)}** (medians); the "
        "Benchmark page measures it thoroughly."
    )
