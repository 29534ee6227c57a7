"""Silence is counted in ticks; any sign of work or of life begins anew."""

from __future__ import annotations

from models.runtimes.worker import watchdog
from models.runtimes.worker.watchdog import QUIET, QUIET_UNSEEN, UNANSWERED, Watchdog


def silent(ticks: int, work: tuple[int, ...] | None = (5, 5, 5)) -> list[int | None]:
    """What a watchdog says of a process that was heard once, at each tick after that."""
    dog = Watchdog()
    said = [dog.tick(heard=1, answered=0, waiting=False, work=work) for _ in range(ticks + 1)]
    return said[1:]


def test_it_is_stuck_after_seven_ticks_without_a_sign() -> None:
    assert silent(QUIET) == [None] * (QUIET - 1) + [QUIET]
    assert QUIET * watchdog.TICK_SECONDS + 2 < 10, "noticed within ten seconds"


def test_where_the_system_does_not_tell_what_it_works_it_has_more_time() -> None:
    assert silent(QUIET_UNSEEN, None) == [None] * (QUIET_UNSEEN - 1) + [QUIET_UNSEEN]


def test_a_beat_now_and_then_keeps_it_alive() -> None:
    dog = Watchdog()
    for tick in range(50 * QUIET):
        heard = tick // (QUIET - 1)
        assert dog.tick(heard=heard, answered=0, waiting=False, work=None) is None


def test_it_may_load_for_minutes_without_a_beat_while_it_works() -> None:
    dog = Watchdog()
    for tick in range(50 * QUIET):
        work = (0, tick // (QUIET - 1), 0)
        assert dog.tick(heard=0, answered=0, waiting=True, work=work) is None


def test_one_that_beats_but_answers_nobody_is_stuck_too() -> None:
    dog, said = Watchdog(), list[int | None]()
    for tick in range(UNANSWERED + 1):
        said.append(dog.tick(heard=tick, answered=3, waiting=True, work=(tick,)))
    assert said[1:] == [None] * (UNANSWERED - 1) + [UNANSWERED]


def test_many_requests_one_after_the_other_are_no_silence() -> None:
    dog = Watchdog()
    for tick in range(3 * UNANSWERED):
        answered = tick // (UNANSWERED - 1)
        assert dog.tick(heard=tick, answered=answered, waiting=True, work=(tick,)) is None
    dog = Watchdog()
    for tick in range(3 * UNANSWERED):  # nobody asks
        assert dog.tick(heard=tick, answered=0, waiting=False, work=(tick,)) is None
