"""Whoever had least is worked for next, and nobody is kept out for good."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from app.web.limits import LIMITS
from app.web.turns import BusyError, Client, Turn, Turns
from tests.support import event_loop


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def known(seconds: float = 0.0) -> Client:
    return Client(known=True, seconds=seconds, then=Clock.now)


class Line:
    """Turns with a clock that stands still, and who has begun."""

    def __init__(self, **limits: float) -> None:
        self.clock = Clock()
        self.turns = Turns(replace(LIMITS, **limits), self.clock)
        self.begun: list[str] = []
        self.turn: dict[str, Turn] = {}

    async def come(self, name: str, client: Client) -> asyncio.Task[None]:
        async def take() -> None:
            self.turn[name] = await self.turns.take(client)
            self.begun.append(name)

        task = asyncio.create_task(take())
        await self.settle()
        return task

    async def end(self, name: str, after: float = 0.01) -> None:
        self.clock.now += after
        self.turns.end(self.turn[name])
        await self.settle()

    async def settle(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)


def test_no_more_go_on_at_once_than_may() -> None:
    async def run() -> None:
        line = Line(at_once=2)
        for name in "abc":
            await line.come(name, known())
        assert line.begun == ["a", "b"]
        await line.end("a")
        assert line.begun == ["a", "b", "c"]

    event_loop.run(run())


def test_who_had_least_is_next() -> None:
    async def run() -> None:
        line = Line(at_once=1)
        await line.come("first", known())
        for name, had in (("much", 0.2), ("little", 0.05), ("some", 0.1)):
            await line.come(name, known(had))
        for name in ("first", "little", "some"):
            await line.end(name, after=0)
        assert line.begun == ["first", "little", "some", "much"]

    event_loop.run(run())


def test_a_storm_of_newcomers_leaves_room_for_who_is_here() -> None:
    async def run() -> None:
        line = Line(at_once=2, new_at_once=1)
        for number in range(20):
            await line.come(f"new {number}", Client())
        await line.come("visitor", known())
        assert line.begun == ["new 0", "visitor"]

    event_loop.run(run())


def test_who_had_more_than_a_share_waits_until_nobody_else_goes_on() -> None:
    async def run() -> None:
        line = Line(at_once=2)
        await line.come("visitor", known())
        await line.come("greedy", known(LIMITS.share + 1))
        assert line.begun == ["visitor"]
        await line.end("visitor")
        assert line.begun == ["visitor", "greedy"]

    event_loop.run(run())


def test_newcomers_above_their_share_keep_no_newcomer_out() -> None:
    async def run() -> None:
        line = Line(at_once=2, new_at_once=1)
        await line.come("flood", Client(seconds=9, then=Clock.now))
        await line.come("newcomer", Client())
        assert line.begun == ["flood", "newcomer"]

    event_loop.run(run())


def test_only_one_above_its_share_goes_on_and_then_there_is_a_rest() -> None:
    async def run() -> None:
        line = Line()
        await line.come("one", known(9))
        await line.come("two", known(9))
        await line.end("one", after=0.1)
        assert line.begun == ["one"]
        await line.come("visitor", known())
        assert line.begun == ["one", "visitor"]  # a rest is for those above their share only
        line.clock.now += 0.1 * LIMITS.rest + 0.01
        await line.end("visitor")
        assert line.begun == ["one", "visitor", "two"]

    event_loop.run(run())


def test_who_has_waited_long_enough_goes_on_although_others_do() -> None:
    async def run() -> None:
        line = Line(at_once=1)
        await line.come("greedy", known(9))
        await line.end("greedy")
        await line.come("again", known(9))
        line.clock.now += LIMITS.patience_seconds
        await line.come("visitor", known())
        assert "again" in line.begun

    event_loop.run(run())


def test_what_takes_long_waits_for_something_and_counts_no_more() -> None:
    async def run() -> None:
        line = Line(at_once=1)
        await line.come("long", known())
        line.clock.now += LIMITS.counts_seconds + 0.001
        await line.come("visitor", known())
        assert line.begun == ["long", "visitor"]

    event_loop.run(run())


def test_who_waits_for_others_is_not_charged_for_them() -> None:
    async def run() -> None:
        line = Line(at_once=2, refund=0.0)
        alone, together = known(), known()
        await line.come("alone", alone)
        await line.end("alone", after=0.04)
        await line.come("one", known())
        await line.come("together", together)
        await line.end("together", after=0.04)
        assert line.turns.share(together) == pytest.approx(line.turns.share(alone) / 2)

    event_loop.run(run())


def test_a_share_is_refunded_with_time() -> None:
    line = Line(refund=0.1)
    client = known(0.5)
    line.clock.now += 2
    assert line.turns.share(client) == pytest.approx(0.3)
    line.clock.now += 60
    assert line.turns.share(client) == 0


def test_an_addresss_visitors_have_a_share_each() -> None:
    line = Line()
    one, thirty = Client(), Client(weight=1 / 30)
    line.turns.charge(one, 0.3)
    line.turns.charge(thirty, 0.3)
    assert line.turns.share(one) == pytest.approx(30 * line.turns.share(thirty))


def test_who_stands_last_is_refused_when_too_many_wait() -> None:
    async def run() -> None:
        line = Line(at_once=1, waiting=2)
        await line.come("first", known())
        greedy = await line.come("greedy", known(9))
        for name in "ab":
            await line.come(name, known())
        assert isinstance(greedy.exception(), BusyError)
        with pytest.raises(BusyError):
            await line.turns.take(known(0.1))
        assert len(line.turns.waiting) == 2

    event_loop.run(run())


def test_who_leaves_the_line_keeps_nobody_waiting() -> None:
    async def run() -> None:
        line = Line(at_once=1)
        await line.come("first", known())
        leaver = await line.come("leaver", known())
        await line.come("last", known())
        leaver.cancel()
        await line.settle()
        await line.end("first")
        assert line.begun == ["first", "last"]
        assert not line.turns.waiting

    event_loop.run(run())


def test_ending_a_turn_twice_charges_once() -> None:
    async def run() -> None:
        line = Line(refund=0.0)
        client = known()
        await line.come("a", client)
        await line.end("a", after=0.05)
        had = line.turns.share(client)
        await line.end("a", after=0.05)
        assert line.turns.share(client) == had

    event_loop.run(run())
