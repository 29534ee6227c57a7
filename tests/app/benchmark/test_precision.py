from __future__ import annotations

import numpy as np
import pytest

from app.benchmark import precision


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        (0.2134, 0.205, 0.222, "0.21"),
        (0.2134, 0.2131, 0.2137, "0.213"),
        (0.2, 0.1, 0.4, "0.2"),
        (0.0123, 0.0119, 0.0126, "0.0123"),
        (3.1, 2.2, 4.9, "3"),
        (313.0, 291.0, 340.0, "310"),
        (14_432.0, 14_100.0, 14_650.0, "14,400"),
        (14_432.0, 14_431.0, 14_433.0, "14,400"),
        (0.25, 0.2, 0.3, "0.3"),
        (9.96, 9.5, 10.5, "10"),
        (7.0, 1.0, 900.0, "7"),
        (0.2, 0.2, 0.2, "0.2"),
        (0.0, 0.0, 0.0, "0"),
    ],
)
def test_a_figure_ends_where_its_interval_makes_it_uncertain(
    value: float, low: float, high: float, text: str
) -> None:
    assert precision.written(value, low, high) == text


def test_more_times_deserve_more_digits() -> None:
    times = 0.2134 * np.random.default_rng(1).lognormal(0, 0.2, 900)
    assert [precision.time(times[:many].tolist()) for many in (8, 900)] == ["0.23 ms", "0.212 ms"]


def test_a_clock_that_is_coarse_has_no_more_digits_than_it_ticks() -> None:
    assert precision.time([0.2] * 40 + [0.3] * 9) == "0.2 ms"
    assert precision.time([0.2] * 40) == "0.2 ms"


def test_a_rate_is_written_like_its_times() -> None:
    times = (np.linspace(0.95, 1.05, 30) * 0.0694).tolist()
    assert precision.rate(times) == "14,400 pictures/s"
    assert precision.rate([0.05, 0.07, 0.09]) == "14,000 pictures/s"


def test_a_clock_that_is_too_coarse_for_a_picture_gives_a_coarse_rate() -> None:
    assert precision.rate([0.0, 0.1, 0.1, 0.1]) == "10,000 pictures/s"
