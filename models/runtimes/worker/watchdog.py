"""Tells a process that is stuck from one that works for a long time."""

from __future__ import annotations

from models.runtimes.worker.messages import BEAT_SECONDS

TICK_SECONDS = BEAT_SECONDS
QUIET = 7  # ticks; the operator was promised that it is noticed within ten seconds
# Where the system does not tell what a process works: loading TensorFlow from a cold disk holds
# Python's lock for seconds, and no thread can send a beat meanwhile.
QUIET_UNSEEN = 60
UNANSWERED = 600  # ticks; nothing that visitors ask for takes as long


class Watchdog:
    """Counts ticks without a sign of life of the process that it watches.

    Ticks are counted, not seconds: when the whole machine sleeps, or this process is stopped, no
    time has passed for either.
    """

    def __init__(self) -> None:
        self._quiet = self._unanswered = 0
        self._before: tuple[int, tuple[int, ...] | None] | None = None
        self._answered = 0

    def tick(
        self, *, heard: int, answered: int, waiting: bool, work: tuple[int, ...] | None
    ) -> int | None:
        """The ticks for which the process gave no sign, once these are too many; else None.

        ``heard`` counts its messages, ``answered`` the answers among them; ``waiting`` is whether
        requests are open; ``work`` are numbers that grow while it works, if they are known.
        """
        signs = (heard, work)
        self._quiet = self._quiet + 1 if signs == self._before else 0
        self._before = signs
        asleep = waiting and answered == self._answered
        self._unanswered = self._unanswered + 1 if asleep else 0
        self._answered = answered
        if self._quiet >= (QUIET_UNSEEN if work is None else QUIET):
            return self._quiet
        return self._unanswered if self._unanswered >= UNANSWERED else None
