"""What conversion does, why there are two formats, which to ship, with this visitor's figures."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.ui import markup
from models.formats.manifest import Manifest
from models.lanes import Format, Lane, LaneResult, Times
from models.parity import judgement, rule
from models.parity.figures import milliseconds, share, short
from models.parity.judgement import ByRule, Judge
from models.parity.timing import median
from models.parity.verdict import NO_BOUND, compared, farthest

_TEXT = """
`tensorflowjs_converter` rewrites a trained Keras model as files that TensorFlow.js runs in a
browser. There are two formats, for two purposes:

- The **layers model** ({layers_kb} here) keeps Keras's own layers. A page can look into them, cut
  them, add to them and train them further.
- The **graph model** ({graph_kb}) is the same network frozen into operations, and made lighter:
  constants are computed beforehand, batch normalisation is folded into the convolutions. It can
  only predict.

**Why they differ.** The weights are the same, but their sums are made in another order, and each
sum is rounded: {difference} {allowed}

**Which to ship.** {advice}
"""
_BOUND = (
    "Rounding alone explains up to **{allowed}** for this model: {factor:.0f} times as far as it "
    "moves {original} itself. {unit}"
)
_UNITS = {
    "softmax": "Both are shares of a {thing}'s largest logit, which is what the softmax is given.",
    "values": "Both are shares of the model's largest answer.",
}
_FIXED = f"The fixed **tolerance** is {{allowed}}: {NO_BOUND}"


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
    judge = judgement.stored(manifest)
    thing = "digit" if manifest.pictures().is_digit else "picture"
    return _TEXT.format(
        layers_kb=_kilobytes(manifest, "layers"),
        graph_kb=_kilobytes(manifest, "graph"),
        difference=_difference(results, manifest.reference, judge, thing),
        allowed=_allowed(judge, manifest.reference, thing),
        advice=_advice(results, thing),
    )


def _kilobytes(manifest: Manifest, form: Format) -> str:
    if form not in manifest.lanes:
        return "not made"
    return f"{manifest.size(form) / 1000:,.0f} kB"


def _difference(results: Sequence[LaneResult], reference: Lane, judge: Judge, thing: str) -> str:
    worst = farthest(compared(results, reference, judge))
    if worst is None:
        verb = "draw" if thing == "digit" else "give it"
        return f"{verb} a {thing} to see by how much."
    return f"for this {thing} by at most **{_unbroken(share(worst))}**, over all lanes."


def _allowed(judge: Judge, reference: Lane, thing: str) -> str:
    allowed = _unbroken(short(judgement.allowed(judge)))
    if not isinstance(judge, ByRule):
        return _FIXED.format(allowed=allowed)
    original, unit = markup.original(reference), _UNITS[judge.head].format(thing=thing)
    return _BOUND.format(allowed=allowed, factor=rule.FACTOR, original=original, unit=unit)


def _advice(results: Sequence[LaneResult], thing: str) -> str:
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
        f"**{_start(graph)}** and the layers model **{_start(layers)}**, and for each {thing} "
        f"after that **{_steady(graph)}** and **{_steady(layers)}** (medians). The Benchmark page "
        "measures it thoroughly, and says what is only noise."
    )


def _start(times: Times) -> str:
    return milliseconds((times.load_ms or 0) + (times.first_ms or 0))


def _steady(times: Times) -> str:
    return milliseconds(median(times.steady_ms))


def _unbroken(figure: str) -> str:
    """The figure with a minus at which no line breaks."""
    return figure.replace("-", "\N{NON-BREAKING HYPHEN}")
