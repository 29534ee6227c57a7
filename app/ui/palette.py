"""One colour a format everywhere; a lane's runtime is told apart by filling and shape.

The colours hold 3:1 (WCAG 1.4.11) against both themes' backgrounds, and stay apart for people who
do not see red and green apart. `tests/app/ui/test_palette.py` computes both.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.lanes import FORMATS, Format

FORMAT_COLOURS: Mapping[Format, str] = {
    "keras": "#77849a",
    "graph": "#2b83d3",
    "layers": "#d26a0a",
}
ERROR = "#d64545"  # what was read wrong


def of_lane(lane: str) -> str:
    """The colour of a lane, given as text: ``graph @ tfjs/wasm``, ``layers float16 @ …``."""
    form = lane.split(" ", 1)[0]
    return FORMAT_COLOURS[next(each for each in FORMATS if each == form)]


def shape_of(lane: str) -> str:
    """The mark of a lane, given as text: a circle in the browser, a square on the server."""
    return "circle" if "tfjs" in lane else "square"


def style() -> str:
    """The colours for the page's own CSS: ``--dp-keras`` and so on."""
    rules = "".join(f"--dp-{form}: {colour};" for form, colour in FORMAT_COLOURS.items())
    return f":root {{ {rules} }}"
