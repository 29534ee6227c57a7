"""A browser that WebDriver's protocols drive, as far as a visit to the Draw page goes."""

from __future__ import annotations

import abc
from collections.abc import Sequence
from typing import Any

SIZE = (430, 900)  # of the window, in pixels: a large phone's
_STEP_MS = 30
_RECTANGLE = """
const found = document.querySelector(%r);
found.scrollIntoView({block: 'center', behavior: 'instant'});
const {x, y, width, height} = found.getBoundingClientRect();
return [x, y, width, height];
"""

Point = tuple[float, float]
Actions = list[dict[str, Any]]


class Driven(abc.ABC):
    """One window with one page."""

    name: str
    # What the page complained of, where the protocol tells it.
    errors: Sequence[str] = ()

    @abc.abstractmethod
    def open(self, url: str) -> None:
        """Open a page and wait until it is loaded."""

    @abc.abstractmethod
    def run(self, script: str) -> Any:
        """What the body of a function returns in the page, as JSON."""

    @abc.abstractmethod
    def act(self, actions: Actions) -> None:
        """Perform input, as WebDriver has it."""

    def rectangle(self, selector: str) -> tuple[float, float, float, float]:
        """Left, top, width and height of an element, in the middle of the window."""
        x, y, width, height = self.run(_RECTANGLE % selector)
        return x, y, width, height

    def stroke(self, points: Sequence[Point]) -> None:
        """Draw with the mouse: down at the first point, up at the last."""
        first, *others = points
        moves = [_to(first, 0), {"type": "pointerDown", "button": 0}]
        moves += [_to(each, _STEP_MS) for each in others]
        moves += [{"type": "pointerUp", "button": 0}]
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}}
        self.act([mouse | {"actions": moves}])

    def click(self, selector: str) -> None:
        """Click in the middle of an element."""
        left, top, width, height = self.rectangle(selector)
        self.stroke([(left + width / 2, top + height / 2)])


def _to(point: Point, ms: int) -> dict[str, Any]:
    return {"type": "pointerMove", "duration": ms, "x": round(point[0]), "y": round(point[1])}
