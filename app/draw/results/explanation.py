"""What conversion does, why there are two formats, and what the words on the page mean."""

from __future__ import annotations

import streamlit as st

from app.ui import markup
from models.formats.manifest import Manifest
from models.lanes import Format, Lane
from models.parity import judgement, rule
from models.parity.apart import NO_BOUND
from models.parity.figures import short
from models.parity.judgement import ByRule, Judge

_TEXT = """
`tensorflowjs_converter` rewrites a trained Keras model as files that TensorFlow.js runs in a
browser. There are two formats, for two purposes:

- The **layers model** ({layers_kb} here) keeps Keras's own layers. A page can look into them, cut
  them, add to them and train them further.
- The **graph model** ({graph_kb}) is the same network frozen into operations, and made lighter:
  constants are computed beforehand, batch normalisation is folded into the convolutions. It can
  only predict.

**Why they differ.** The weights are the same, but their sums are made in another order, and each
sum is rounded. {allowed}

**Which to ship.** The graph model when the page only predicts; the layers model when it has to
train, cut or look into the network.

**Words.** A *backend* is what TensorFlow.js computes with: JavaScript (cpu), WebAssembly (wasm) or
the graphics card (webgl, webgpu). *On the server* is TensorFlow in Python: the original, which all
others are compared with, and both conversions read back.
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


def show(manifest: Manifest) -> None:
    """Show a closed panel."""
    panel = st.expander(
        "What conversion does, and the words on this page",
        key="about",
        on_change="rerun",  # so that its text is made when it is opened
    )
    if panel.open:
        panel.markdown(text(manifest))


def text(manifest: Manifest) -> str:
    """The panel's Markdown."""
    thing = "digit" if manifest.pictures().is_digit else "picture"
    return _TEXT.format(
        layers_kb=_kilobytes(manifest, "layers"),
        graph_kb=_kilobytes(manifest, "graph"),
        allowed=_allowed(judgement.stored(manifest), manifest.reference, thing),
    )


def _kilobytes(manifest: Manifest, form: Format) -> str:
    if form not in manifest.lanes:
        return "not made"
    return f"{manifest.size(form) / 1000:,.0f} kB"


def _allowed(judge: Judge, reference: Lane, thing: str) -> str:
    allowed = short(judgement.allowed(judge)).replace("-", "\N{NON-BREAKING HYPHEN}")
    if not isinstance(judge, ByRule):
        return _FIXED.format(allowed=allowed)
    original, unit = markup.original(reference), _UNITS[judge.head].format(thing=thing)
    return _BOUND.format(allowed=allowed, factor=rule.FACTOR, original=original, unit=unit)
