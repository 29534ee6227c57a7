"""Print measured figures beside their peers and goals as a Markdown table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Figure:
    """A measured figure. ``value`` is compared with the goal: a ratio to the peer, or our figure.

    ``unit`` follows every number; ``goal`` is the bound on ``value``, None if there is none.
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
        """Whether the goal is reached; None if there is none."""
        if self.goal is None:
            return None
        return self.value <= self.goal if self.bound == "≤" else self.value >= self.goal


def show(figures: Sequence[Figure]) -> None:
    """Print the figures as a table."""
    print("| what | ours | peer | measured | goal | |\n| --- | --- | --- | --- | --- | --- |")
    for each in figures:
        goal = "" if each.goal is None else f"{each.bound} {number(each.goal)}{each.unit}"
        outcome = {True: "reached", False: "**not reached**", None: ""}[each.reached]
        value = f"{number(each.value)}{each.unit}"
        print(f"| {each.what} | {each.ours} | {each.peer} | {value} | {goal} | {outcome} |")
    print(flush=True)


def number(value: float) -> str:
    """Three significant figures, and at most two decimals: 1,234, 56.7, 0.98."""
    if value >= 99.5:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value >= 9.995 else f"{value:.2f}".rstrip("0").rstrip(".")
