"""The picture of the test set that other pages look at."""

from __future__ import annotations

import numpy as np
import pytest

from app.session import state, test_set
from app.session.visit import Visit
from models.digit.digit import Digit

ONE = Digit(np.eye(28, dtype=np.float32))
OTHER = Digit(np.fliplr(np.eye(28, dtype=np.float32)))


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, object] = {}
    monkeypatch.setattr(state.st, "session_state", kept)


def test_there_is_none_before_a_set_was_read() -> None:
    assert test_set.picture() is None


def test_the_last_one_takes_the_place_of_those_before() -> None:
    test_set.remember(ONE, "one.png")
    test_set.remember(OTHER, "other.png")
    shown = test_set.picture()
    assert shown is not None and (shown.digit, shown.name) == (OTHER, "other.png")


def test_what_is_drawn_later_comes_before_it_even_when_it_is_remembered_again() -> None:
    test_set.remember(ONE, "one.png")
    shown = test_set.picture()
    assert shown is not None and shown.is_latest
    state.remember(Visit(OTHER))
    test_set.remember(ONE, "one.png")
    shown = test_set.picture()
    assert shown is not None and not shown.is_latest


def test_a_picture_that_the_model_does_not_take_is_left_out() -> None:
    test_set.remember(Digit(np.zeros((8, 8, 3), np.float32)), "small.png")
    assert test_set.picture() is None
