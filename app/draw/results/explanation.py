"""What conversion does, why there are two formats, which to ship, with this visitor's figures."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from models.formats.manifest import Manifest
from models.lanes import Format, Lane, LaneResult, Times
from models.parity.figures import milliseconds, short
from models.parity.timing import median
from models.parity.verdict import TOLERANCE, max_difference

_TEXT = """
`tensorflowjs_converter` rewrites a trained Keras model as files that TensorFlow.js runs in a
browser. There are two formats, for two purposes:

- The **layers model** ({layers_kb} here) keeps Keras's own layers. A page can look into them, cut
  them, add to them and train them further.
- The **graph model** ({graph_kb}) is the same network frozen into operations, and made lighter:
  constants are computed beforehand, batch normalisation is folded into the convolutions. It can
  only predict.

**Why they differ.** The weights are the same, but their sums are made in another order, and each
sum is rounded: {difference} The **tolerance** of {tolerance} leaves room for that and no more.

**Which to ship.** {advice}
"""


def show(results: Sequence[LaneResult], manifest: Manifest) -> None:
    """Show a closed panel whose text quotes what was measured for this digit in this browser."""
    panel = st.expander(
        "What conversion does, and which format to ship",
        icon=":material/info:",
        key="about",
        on_change="rerun",  # so that its text is made when it is opened, not for every stroke
    )
    if panel.open:
        panel.markdown(text(results, manifest))


def text(results: Sequence[LaneResult], manifest: Manifest) -> str:
    """The panel's Markdown."""
    return _TEXT.format(
        layers_kb=_kilobytes(manifest, "layers"),
        graph_kb=_kilobytes(manifest, "graph"),
        difference=_difference(results, manifest.reference),
        tolerance=_unbroken(TOLERANCE),
        advice=_advice(results),
    )


def _kilobytes(manifest: Manifest, form: Format) -> str:
    return f"{manifest.size(form) / 1000:,.0f} kB"


def _difference(results: Sequence[LaneResult], reference: Lane) -> str:
    worst = max_difference(results, reference)
    if worst is None:
        return "draw a digit to see by how much."
    return f"for this digit by at most **{_unbroken(worst)}**, over all lanes."


def _advice(results: Sequence[LaneResult]) -> str:
    rule = (
        "The graph model when the page only predicts; the layers model when it has to train, cut "
        "or look into the network."
    )
    timed = {result.lane.format: result.times for result in results if result.lane.in_browser}
    graph, layers = timed.get("graph"), timed.get("layers")
    if graph is None or layers is None or not (graph.steady_ms and layers.steady_ms):
        return rule
    return (
        f"{rule} In your browser just now, until the first answer the graph model took "
        f"**{_start(graph)}** and the layers model **{_start(layers)}**, and for each digit after "
        f"that **{_steady(graph)}** and **{_steady(layers)}** (medians). The Benchmark page "
        "measures it thoroughly, and says what is only noise."
    )


def _start(times: Times) -> str:
    return milliseconds((times.load_ms or 0) + (times.first_ms or 0))


def _steady(times: Times) -> str:
    return milliseconds(median(times.steady_ms))


def _unbroken(value: float) -> str:
    """The number in short form, with a minus at which no line breaks."""
    return short(value).replace("-", "\N{NON-BREAKING HYPHEN}")
