"""Figures are written short, and halves are rounded up."""

from __future__ import annotations

import math

import pytest

from models.parity.figures import kilobytes, milliseconds, percent, plain, share, short


@pytest.mark.parametrize(
    ("value", "text"), [(1.24e-7, "1.2e-7"), (0, "0"), (0.5, "5e-1"), (1e-5, "1e-5")]
)
def test_small_numbers_are_short(value, text):
    assert short(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.3e-7, "3.3e-7"), (0.31, "0.31"), (1.74, "1.7"), (0, "0"), (2e5, "2e5"), (math.nan, "NaN")],
)
def test_a_share_is_plain_where_that_is_short(value, text):
    assert share(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.231, "0.23 ms"), (1.26, "1.3 ms"), (12.4, "12 ms"), (1250.0, "1,250 ms"), (0.1, "0.1 ms")],
)
def test_times_keep_two_figures(value, text):
    assert milliseconds(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(2.25, "2.3 ms"), (10.5, "11 ms"), (0.125, "0.13 ms"), (2.0, "2.0 ms")]
)
def test_halves_of_a_time_are_rounded_up(value, text):
    assert milliseconds(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.004, "0.004 ms"), (0.0004, "0 ms"), (0, "0 ms")])
def test_nothing_finer_than_a_microsecond_is_written(value, text):
    assert milliseconds(value) == text


def test_a_share_has_one_decimal():
    assert [percent(each) for each in (1, 0.99649, 0.0625, 0)] == [
        "100.0 %",
        "99.6 %",
        "6.3 %",
        "0.0 %",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.24e-7, "0.00000012"),
        (2.0e-7, "0.0000002"),
        (2.3e-5, "0.000023"),
        (0.314, "0.31"),
        (0.996, "1"),
        (1.74, "1.7"),
        (31.4, "31"),
        (214_000.0, "210,000"),
        (0, "0"),
        (1e-12, "0.000000001"),
        (math.nan, "NaN"),
        (math.inf, "infinity"),
    ],
)
def test_a_share_in_a_sentence_has_no_exponent(value, text):
    assert plain(value) == text


def test_a_download_is_written_in_kilobytes():
    assert [kilobytes(each) for each in (481_304, 16_900_400, 499)] == [
        "481 kB",
        "16,900 kB",
        "0 kB",
    ]
