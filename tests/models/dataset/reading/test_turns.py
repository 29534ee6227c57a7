"""One set after the other, in the order in which they came."""

from __future__ import annotations

import threading

import pytest

from models.dataset.reading.turns import Turns
from tests.support.waiting import until


def test_sets_have_their_turn_in_the_order_in_which_they_came():
    turns, order, places = Turns(), [], {}
    leave = threading.Event()

    def read(name: str) -> None:
        with turns.turn(lambda before: places.setdefault(name, []).append(before)):
            order.append(name)
            leave.wait(20)

    threads = []
    for name in "abc":
        threads.append(threading.Thread(target=read, args=(name,), daemon=True))
        threads[-1].start()
        until(lambda name=name: name in order or name in places, lambda: "in line")
    assert order == ["a"] and places["b"][0] == 1 and places["c"][0] == 2
    assert turns.others_wait
    leave.set()
    for thread in threads:
        thread.join(20)
    assert order == ["a", "b", "c"] and not turns.others_wait


def test_who_leaves_the_line_is_no_longer_before_others():
    turns = Turns()

    def left(before: int) -> None:
        raise KeyboardInterrupt

    with turns.turn(left):
        with pytest.raises(KeyboardInterrupt), turns.turn(left):
            pass
        assert not turns.others_wait
    with turns.turn(left):
        assert not turns.others_wait
