"""One set is read at a time; the others wait in line."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_STEP = 0.1  # seconds between two looks at whether anybody still waits


class Turns:
    """A line of sets. Whoever reads stands in front, and memory is used by that one alone."""

    def __init__(self) -> None:
        self._line: list[object] = []
        self._moved = threading.Condition()

    @property
    def others_wait(self) -> bool:
        """Whether another set waits behind the one that is read."""
        return len(self._line) > 1

    @contextmanager
    def turn(self, wait: Callable[[int], None]) -> Iterator[None]:
        """Wait for a turn and have it. ``wait`` is called with the number of sets before this one
        while there are any, and leaves the line if it raises.
        """
        ticket = object()
        with self._moved:
            self._line.append(ticket)
        try:
            while before := self._before(ticket):
                wait(before)
                with self._moved:
                    self._moved.wait_for(lambda: self._line[0] is ticket, _STEP)
            yield
        finally:
            with self._moved:
                self._line.remove(ticket)
                self._moved.notify_all()

    def _before(self, ticket: object) -> int:
        with self._moved:
            return self._line.index(ticket)
