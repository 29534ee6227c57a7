"""When another way to make a picture an input is clearly better, and when chance may be."""

from __future__ import annotations

import numpy as np
import pytest

from models.formats.model_input import Input
from models.parity.inputs import other_input
from models.parity.inputs.other_input import is_clearly_better, ways


def hits(right: int, of: int = 200):
    return np.arange(of) < right


@pytest.mark.parametrize(
    "given, options",
    [
        (
            Input((32, 32, 3), framing="none"),
            {("order", "bgr"), ("fit", "cover"), ("fit", "contain")},
        ),
        (Input((32, 32, 1), framing="none", fit="cover"), {("fit", "stretch"), ("fit", "contain")}),
        (Input(), {("framing", "none")}),
        (
            Input(framing="none"),
            {("framing", "mnist"), ("fit", "cover"), ("fit", "contain")},
        ),
        (
            Input((8, 8, 4), order="bgr", framing="none"),
            {("order", "rgb"), ("fit", "cover"), ("fit", "contain")},
        ),
    ],
)
def test_each_way_differs_by_one_option(given, options):
    found = list(ways(given))
    assert {(each.option, each.value) for each in found} == options
    for each in found:
        assert getattr(each.input, each.option) == each.value != getattr(given, each.option)


def test_what_reads_far_more_right_is_clearly_better():
    assert is_clearly_better(hits(180), hits(120), 10)


@pytest.mark.parametrize(
    "other, now, outputs",
    [
        (hits(195), hits(191), 10),  # 95 % are right: nothing to gain
        (hits(129), hits(120), 10),  # less than 5 % more
        (hits(18, 19), hits(5, 19), 10),  # too few labels
        (hits(45), hits(20), 10),  # neither has learned anything
        (hits(130), hits(90), 2),  # of two classes, 65 % are no learning
        (np.roll(hits(135), 60), hits(120), 10),  # 135 against 120, of 195 that differ
        (hits(120), hits(180), 10),
    ],
)
def test_what_chance_explains_or_gains_little_is_not(other, now, outputs):
    assert not is_clearly_better(other, now, outputs)


def test_the_sentence_says_both_shares_and_the_option():
    given = Input((32, 32, 3), framing="none")
    way = next(each for each in ways(given) if each.value == "bgr")
    assert way.sentence(given, hits(180), hits(120), "digit-parity add mine m.h5") == (
        "The model seems to take colours as blue, green, red, not colours as red, green, blue: so "
        "90.0 % of 200 labelled inputs are read right, and 60.0 % as it is. "
        "Run: digit-parity add mine m.h5 --order bgr"
    )
    assert other_input.MOST <= 256
