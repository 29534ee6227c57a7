"""Who is worked for next: the client who had least of the server lately.

Python computes one thing at a time, so a visitor waits for everything that others have started.
Hence runs and requests take turns: few at once, and who asked for a lot stands behind who did not.
Nobody is refused for asking often; only the work of a client above its share is done one by one,
with pauses, while nobody else needs the server.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from app.web.limits import LIMITS, Limits

_LEAST = 0.002  # seconds that the shortest work counts: sending and receiving it


class BusyError(Exception):
    """More clients wait than may."""


@dataclass(eq=False)
class Client:
    """Whoever takes turns. ``weight``: its seconds are multiplied by it when they are counted."""

    weight: float = 1.0
    known: bool = False  # whether it was worked for before
    seconds: float = 0.0  # that it had, at the time ``then``
    then: float = 0.0


@dataclass(eq=False)
class Turn:
    """One client's work: in line, then going on, then ended."""

    client: Client
    rank: float
    is_new: bool
    is_greedy: bool
    since: float  # when it was asked for, and then when it began
    begun: asyncio.Future[None]
    bounded: bool = True
    worked: float = 0.0  # the line's work when it began


@dataclass(eq=False)
class Turns:
    """The line. All methods belong to one event loop."""

    limits: Limits = LIMITS
    clock: Callable[[], float] = time.monotonic
    waiting: list[Turn] = field(default_factory=list)
    going: list[Turn] = field(default_factory=list)
    _work: float = 0.0  # seconds that each of those who went on had of the processor, in all
    _counted_at: float = 0.0
    _rest_until: float = 0.0  # of clients above their share
    _wake: asyncio.TimerHandle | None = None

    def share(self, client: Client) -> float:
        """Seconds of work that ``client`` had lately, less what time has refunded."""
        return max(0.0, client.seconds - (self.clock() - client.then) * self.limits.refund)

    def charge(self, client: Client, seconds: float) -> None:
        """Count ``seconds`` of work for ``client``."""
        client.seconds = self.share(client) + seconds * client.weight
        client.then = self.clock()

    def is_greedy(self, client: Client) -> bool:
        """Whether ``client`` had more than its share."""
        return self.share(client) > self.limits.share

    async def take(self, client: Client, *, bounded: bool = True) -> Turn:
        """Wait for a turn, which the caller ends. Leaves the line when it is cancelled.

        Raises BusyError for who stands last when too many wait; not for who is counted elsewhere
        (``bounded``).
        """
        turn = Turn(
            client,
            rank=self.share(client) if client.known else self.limits.new_share,
            is_new=not client.known,
            is_greedy=self.is_greedy(client),
            since=self.clock(),
            begun=asyncio.get_running_loop().create_future(),
            bounded=bounded,
        )
        self.waiting.append(turn)
        self._refuse_last()
        self._advance()
        try:
            await turn.begun
        except (asyncio.CancelledError, BusyError):
            self.end(turn)
            raise
        return turn

    def _refuse_last(self) -> None:
        if len(self.waiting) > self.limits.waiting:
            last = max(
                self.waiting, key=lambda each: (each.bounded, each.is_greedy, each.rank, each.since)
            )
            if last.bounded:
                self.waiting.remove(last)
                last.begun.set_exception(BusyError())

    def end(self, turn: Turn) -> None:
        """Make room for the next. Later calls for the same turn do nothing."""
        if turn in self.waiting:
            self.waiting.remove(turn)
        elif turn in self.going:
            self._count_work()
            self.going.remove(turn)
            took = min(self.clock() - turn.since, self._longest(turn))
            self.charge(turn.client, max(_LEAST, min(self._work - turn.worked, took)))
            if turn.is_greedy:
                rest = min(took * self.limits.rest, self.limits.rest_seconds)
                self._rest_until = self.clock() + rest
        self._advance()

    def _longest(self, turn: Turn) -> float:
        return self.limits.greedy_seconds if turn.is_greedy else self.limits.counts_seconds

    def _advance(self) -> None:
        """Let go on whoever may, and look again when that changes by itself."""
        while may := [each for each in self.waiting if self._may(each)]:
            turn = min(may, key=lambda each: (each.is_greedy, each.rank))
            self._count_work()
            self.waiting.remove(turn)
            turn.since, turn.worked = self.clock(), self._work
            self.going.append(turn)
            if not turn.begun.done():  # else it was cancelled, and ends itself
                turn.begun.set_result(None)
        self._wake_later()

    def _count_work(self) -> None:
        """Who shares the processor with others is not charged for their work."""
        now = self.clock()
        self._work += (now - self._counted_at) / max(1, len(self._counted()))
        self._counted_at = now

    def _counted(self) -> list[Turn]:
        """The turns that count: who takes longer than that waits for something, mostly."""
        now = self.clock()
        return [each for each in self.going if now - each.since < self._longest(each)]

    def _may(self, turn: Turn) -> bool:
        going, limits = self._counted(), self.limits
        if not turn.is_greedy:
            others = [each for each in going if not each.is_greedy]
            if len(others) >= limits.at_once:
                return False
            return not turn.is_new or sum(each.is_new for each in others) < limits.new_at_once
        if any(each.is_greedy for each in going):
            return False
        is_free = not going and self.clock() >= self._rest_until
        return is_free or self.clock() - turn.since >= limits.patience_seconds

    def _wake_later(self) -> None:
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None
        if not self.waiting:
            return
        times = [each.since + self._longest(each) for each in self._counted()]
        times += [each.since + self.limits.patience_seconds for each in self.waiting]
        if self._rest_until > self.clock():
            times.append(self._rest_until)
        delay = max(0.005, min(times) - self.clock())
        self._wake = asyncio.get_running_loop().call_later(delay, self._advance)
