"""One way to print what was measured beside its peer and its goal: a table in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Figure:
    """One measured thing. ``value`` is what the goal is about: a ratio to the peer, or our figure.

    ``unit`` follows every number; ``goal`` is the bound that ``value`` must keep to, None without.
    """

    what: str
    ours: str
    peer: str
    value: float
    unit: str = "×"
    bound: Literal["≤", "≥"] = "≤"
    goal: float | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        if self.goal is None:
            return None
        return self.value <= self.goal if self.bound == "≤" else self.value >= self.goal


def show(figures: Sequence[Figure]) -> None:
    """Print them as a table."""
    print("| what | ours | peer | measured | goal | |\n| --- | --- | --- | --- | --- | --- |")
    for each in figures:
        goal = "" if each.goal is None else f"{each.bound} {number(each.goal)}{each.unit}"
        said = {True: "reached", False: "**not reached**", None: ""}[each.reached]
        value = f"{number(each.value)}{each.unit}"
        print(f"| {each.what} | {each.ours} | {each.peer} | {value} | {goal} | {said} |")
    print(flush=True)


def number(value: float) -> str:
    """Three figures, and no more than two behind the point: 1,234, 56.7, 0.98."""
    if value >= 99.5:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value >= 9.995 else f"{value:.2f}".rstrip("0").rstrip(".")
