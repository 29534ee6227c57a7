"""Each format has a colour; fill and shape show a lane's runtime.

The colours have a contrast of 3:1 (WCAG 1.4.11) with both themes' backgrounds, and differ for
red-green colour-blind people. `tests/app/ui/test_palette.py` computes both.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.lanes import FORMATS, Format

FORMAT_COLOURS: Mapping[Format, str] = {
    "keras": "#77849a",
    "graph": "#2b83d3",
    "layers": "#d26a0a",
}
ERROR = "#d64545"  # images that were read wrong


def colour_of(lane: str) -> str:
    """The colour of a lane by its name: ``graph @ tfjs/wasm``, ``layers float16 @ …``."""
    form = lane.split(" ", 1)[0]
    return FORMAT_COLOURS[next(each for each in FORMATS if each == form)]


def shape_of(lane: str) -> str:
    """The mark of a lane by its name: a circle in the browser, a square on the server."""
    return "circle" if "tfjs" in lane else "square"


def style() -> str:
    """CSS that defines the colours: ``--dp-keras`` and so on."""
    rules = "".join(f"--dp-{form}: {colour};" for form, colour in FORMAT_COLOURS.items())
    return f":root {{ {rules} }}"
