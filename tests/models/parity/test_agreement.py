"""Comparing two lanes' answers, against figures worked out by hand and numpy's own rule."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from models.errors import InputError
from models.parity.agreement import as_json, compare

REFERENCE = np.array([[0.5, 0.25, 0.25], [0.0, 0.75, 0.25]])
OTHER = np.array([[0.5, 0.375, 0.125], [0.0, 0.75, 0.25]])
SHAPES = array_shapes(min_dims=2, max_dims=2, max_side=6)
ANSWERS = SHAPES.flatmap(
    lambda shape: st.tuples(
        *(arrays(np.float64, shape, elements=st.floats(0, 1, width=32)) for _ in range(2))
    )
)


def test_figures_are_those_worked_out_by_hand():
    result = compare(REFERENCE, OTHER)
    assert result.images == 2
    assert result.same_top == 1.0
    assert result.worst == (0, 1)  # the first of two equals
    assert result.absolute.max == result.smallest_atol == 0.125
    assert result.absolute.mean == pytest.approx(0.25 / 6)
    assert result.absolute.median == 0.0
    assert result.absolute.p99 == pytest.approx(0.125)
    assert (result.relative.max, result.relative.mean) == (0.5, pytest.approx(1 / 6))
    assert not result.passed


def test_equal_answers_pass_with_no_tolerance_at_all():
    result = compare(REFERENCE, REFERENCE, atol=0)
    assert result.passed
    assert result.smallest_atol == result.relative.max == 0.0


def test_the_smallest_tolerance_passes_and_a_smaller_one_does_not():
    assert compare(REFERENCE, OTHER, atol=0.125).passed
    assert not compare(REFERENCE, OTHER, atol=math.nextafter(0.125, 0)).passed


def test_a_relative_tolerance_takes_over_from_the_absolute():
    assert compare(REFERENCE, OTHER, atol=0, rtol=0.5).passed
    assert compare(REFERENCE, OTHER, atol=0, rtol=0.25).smallest_atol == 0.0625


def test_a_tie_that_turns_within_the_tolerance_is_counted_and_passes():
    result = compare(np.array([[0.5, 0.5], [1, 0]]), np.array([[0.5, 0.5 + 1e-9], [1, 0]]))
    assert result.same_top == 0.5
    assert result.passed


@pytest.mark.parametrize("side", [0, 1])
def test_nan_never_passes_and_is_the_worst(side):
    answers = [REFERENCE.copy(), REFERENCE.copy()]
    answers[side][1, 2] = math.nan
    result = compare(*answers, atol=1e9)
    assert not result.passed
    assert result.worst == (1, 2)
    assert math.isnan(result.smallest_atol)


def test_nan_on_both_sides_does_not_pass_either():
    both = np.array([[math.nan, 1.0]])
    assert not compare(both, both, atol=1e9).passed


def test_a_relative_difference_from_zero_is_infinite():
    result = compare(np.array([[0.0, 1.0]]), np.array([[1e-9, 1.0]]))
    assert math.isinf(result.relative.max)
    assert result.passed


@pytest.mark.parametrize(
    ("reference", "other"),
    [((2, 3), (2, 4)), ((1, 3), (2, 3)), ((3,), (3,)), ((0, 3), (0, 3)), ((2, 0), (2, 0))],
)
def test_shapes_that_cannot_be_compared_are_refused(reference, other):
    with pytest.raises(InputError, match="same shape"):
        compare(np.zeros(reference), np.zeros(other))


@pytest.mark.parametrize("tolerance", [-1.0, math.nan, math.inf])
def test_a_tolerance_that_is_negative_or_not_finite_is_refused(tolerance):
    with pytest.raises(InputError, match="0 or more"):
        compare(REFERENCE, OTHER, atol=tolerance)


def test_json_has_null_for_infinity_and_nan():
    text = json.dumps(as_json(compare(np.array([[0.0, 1.0]]), np.array([[0.5, math.nan]]))))
    assert json.loads(text)["smallest_atol"] is None
    assert "NaN" not in text
    assert "Infinity" not in text


@given(ANSWERS, st.floats(0, 1), st.sampled_from([0.0, 0.1, 1.0]))
def test_it_passes_exactly_where_every_value_is_close(answers, atol, rtol):
    reference, other = answers
    left = np.abs(other - reference) - rtol * np.abs(reference)
    result = compare(reference, other, atol=atol, rtol=rtol)
    assert result.passed == bool((left <= atol).all())


@given(ANSWERS)
def test_figures_are_ordered_and_the_worst_is_where_it_is_said_to_be(answers):
    result = compare(*answers)
    size = result.absolute
    assert 0 <= size.median <= size.max
    assert 0 <= size.p99 <= size.max
    assert 0 <= size.mean <= size.max * (1 + 1e-12)
    assert abs(answers[1] - answers[0])[result.worst] == size.max


@given(ANSWERS)
def test_the_absolute_figures_do_not_depend_on_which_side_is_the_reference(answers):
    assert compare(*answers).absolute == compare(*answers[::-1]).absolute


@given(ANSWERS)
def test_the_smallest_tolerance_passes(answers):
    assert compare(*answers, atol=compare(*answers).smallest_atol).passed
