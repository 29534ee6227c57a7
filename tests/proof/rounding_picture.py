"""Draws distances from exact as an SVG that reads well on light and on dark pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from app.ui.palette import ERROR, FORMAT_COLOURS
from models.parity.figures import short

WIDTH, LEFT, RIGHT = 960, 330, 28
TOP, STEP, BOTTOM = 66, 50, 62
DECADES = (-9, -3)  # from 1e-9 to 1e-3
BINS = 120
_COLOURS = {**FORMAT_COLOURS, "fault": ERROR}
STYLE = """
text { font: 14px system-ui, sans-serif; fill: #24292f }
.small { font-size: 12px; fill: #57606a }
.panel { fill: #ffffff } .grid { stroke: #d8dee4 } .line { stroke: #24292f; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .small { fill: #9da7b3 }
  .panel { fill: #0d1117 } .grid { stroke: #30363d } .line { stroke: #e6edf3 }
}
"""


@dataclass(frozen=True, eq=False)
class Row:
    """A lane's ``distances`` (digits,), and ``kind``, a format or "fault"."""

    name: str
    kind: str
    distances: NDArray[np.float64]


def draw(rows: Sequence[Row], own: float, bound: float) -> str:
    """The picture: a row for each lane, how many digits lie at which distance, and two lines."""
    height = TOP + STEP * len(rows) + BOTTOM
    title = "Distance from exact arithmetic, digit by digit"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{escape(_told(rows, own, bound))}">',
        f"<style>{STYLE}</style>",
        f'<rect class="panel" width="{WIDTH}" height="{height}"/>',
        f'<text x="16" y="28" font-weight="600">{title}</text>',
        *_axis(height),
        *(part for number, row in enumerate(rows) for part in _row(row, number)),
        *_line(own, height, "Keras's own"),
        *_line(bound, height, "bound: 30 times"),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _told(rows: Sequence[Row], own: float, bound: float) -> str:
    """The picture for who does not see it."""
    largest = ", ".join(f"{row.name} {short(float(row.distances.max()))}" for row in rows)
    return (
        f"Largest distance from exact: {largest}. Keras's own {short(own)}, bound {short(bound)}."
    )


def _x(value: float) -> float:
    least, most = DECADES
    share = (np.log10(max(value, 10.0**least)) - least) / (most - least)
    return round(LEFT + min(share, 1.0) * (WIDTH - LEFT - RIGHT), 1)


def _axis(height: int) -> Iterator[str]:
    for power in range(DECADES[0], DECADES[1] + 1):
        x = _x(10.0**power)
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="{TOP - 8}" y2="{height - BOTTOM + 8}"/>'
        yield (
            f'<text class="small" x="{x}" y="{height - BOTTOM + 26}" text-anchor="middle">'
            f"1e{power}</text>"
        )
    yield (
        f'<text class="small" x="{(LEFT + WIDTH - RIGHT) / 2}" y="{height - 14}" '
        'text-anchor="middle">distance from exact, as a share of the largest logit</text>'
    )


def _row(row: Row, number: int) -> Iterator[str]:
    """A hill of how many digits lie where, and a stroke at the farthest."""
    floor, colour = TOP + STEP * (number + 1) - 8, _COLOURS[row.kind]
    edges = np.logspace(*DECADES, BINS + 1)
    inside = np.clip(row.distances, edges[0], edges[-1])
    counts, _ = np.histogram(inside, edges)
    tall = counts / counts.max() * (STEP - 14)
    middles = np.sqrt(edges[:-1] * edges[1:])
    shown = [
        at
        for at in range(BINS)
        if counts[at] or counts[max(at - 1, 0)] or counts[min(at + 1, BINS - 1)]
    ]
    points = " ".join(f"{_x(middles[at])},{round(floor - tall[at], 1)}" for at in shown)
    start, end = _x(middles[shown[0]]), _x(middles[shown[-1]])
    yield f'<polygon fill="{colour}" points="{start},{floor} {points} {end},{floor}"/>'
    far = _x(float(row.distances.max()))
    yield f'<rect fill="{colour}" x="{far - 1.5}" y="{floor - 16}" width="3" height="16"/>'
    name, _, rest = row.name.partition(", ")
    yield f'<text x="16" y="{floor - (14 if rest else 6)}">{escape(name)}</text>'
    note = rest or f"{len(row.distances):,} digits"
    place = (
        f'x="16" y="{floor + 2}"' if rest else f'x="{LEFT - 14}" y="{floor - 6}" text-anchor="end"'
    )
    yield f'<text class="small" {place}>{escape(note)}</text>'


def _line(value: float, height: int, text: str) -> Iterator[str]:
    x = _x(value)
    yield (
        f'<line class="line" x1="{x}" x2="{x}" y1="{TOP - 8}" y2="{height - BOTTOM + 8}" '
        'stroke-dasharray="5 4"/>'
    )
    yield f'<text class="small" x="{x}" y="{TOP - 16}" text-anchor="middle">{escape(text)}</text>'
