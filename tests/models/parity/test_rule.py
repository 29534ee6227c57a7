"""The rule of parity on made-up answers: what rounding explains, and what it does not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InputError
from models.parity import rule


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


LOGITS = np.random.default_rng(2).normal(0, 3, (50, 10))
EXACT = softmax(LOGITS)


def of(lane, exact=EXACT):
    return rule.distance(exact, lane, rule.head_of(exact)).largest


def test_a_softmax_is_known_by_its_sums():
    assert rule.head_of(EXACT) == rule.head_of(EXACT.astype(np.float32)) == "softmax"
    assert rule.head_of(LOGITS) == rule.head_of(1 / (1 + np.exp(-LOGITS))) == "values"
    assert rule.head_of(np.ones((5, 1))) == "values", "one class sums to 1 and says nothing"
    assert rule.head_of([[2.0, -1.0]]) == rule.head_of([[math.nan, 1.0]]) == "values"


def test_exact_itself_is_no_distance_away():
    assert rule.distance(EXACT, EXACT, "softmax") == rule.Distance(0.0, (0, 0), 1.0)
    assert of(LOGITS, LOGITS) == 0


def test_a_difference_of_logits_counts_where_probabilities_hide_it():
    """A probability of 1e-9 that should be 2e-9 is 1e-9 off, and a factor of two."""
    exact = softmax(np.array([[0.0, -20.0], [1.0, -1.0]]))
    lane = softmax(np.array([[0.0, -20.0 + math.log(2)], [1.0, -1.0]]))
    assert np.abs(exact - lane).max() < 1e-8
    assert of(lane, exact) == pytest.approx(math.log(2) / 20, rel=1e-3)


def test_steep_logits_may_round_by_as_much_more():
    """A step of float32 at a logit of 300 is 3e-5, which the softmax turns into as much."""
    logits = np.array([[300.0, 299.9, 0.0]])
    lane = softmax(logits + np.array([[0.0, 3e-5, 0.0]]))
    assert np.abs(lane - softmax(logits)).max() > 5e-6
    assert of(lane, softmax(logits)) < 2e-7


def test_what_underflows_is_compared_as_below():
    exact = softmax(np.array([[0.0, -100.0, -300.0], [0.0, -80.0, -1.0]]))
    flushed = exact.copy()
    flushed[0, 1:] = 0
    assert of(flushed, exact) < 1e-15
    flushed[1, 2] = 0
    assert of(flushed, exact) > 0.5, "e**-1 is no underflow"


def test_a_lane_whose_answers_do_not_sum_to_1_differs():
    assert of(2 * EXACT) > 0.01


def test_values_are_compared_as_a_share_of_the_largest():
    lane = LOGITS.copy()
    lane[3, 4] += 0.5
    found = rule.distance(LOGITS, lane, "values")
    assert found.largest == pytest.approx(0.5 / np.abs(LOGITS).max()) and found.worst == (3, 4)
    small = rule.distance(LOGITS * 1e-6, lane * 1e-6, "values")
    assert small.largest == pytest.approx(found.largest), "the unit does not matter"
    assert rule.distance([[0.0]], [[0.0]], "values").largest == 0


@pytest.mark.parametrize("exact", [EXACT, LOGITS])
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_number_that_is_none_is_never_within_a_bound(exact, value):
    lane = exact.copy()
    lane[7, 2] = value
    found = rule.distance(exact, lane, rule.head_of(exact))
    assert not found.largest <= 1e9 and found.worst[0] == 7


def test_the_worst_place_and_the_share_of_same_tops_are_told():
    logits = LOGITS.copy()
    logits[9, 5] = logits[9].max() + 1
    found = rule.distance(EXACT, softmax(logits), "softmax")
    assert found.worst == (9, 5) and found.same_top == pytest.approx(49 / 50)


@given(
    st.lists(st.lists(st.floats(-30, 30), min_size=3, max_size=3), min_size=1, max_size=4),
    st.lists(st.floats(-0.5, 0.5), min_size=3, max_size=3),
)
def test_top_classes_differ_only_where_exact_is_a_tie_within_the_distance(logits, noise):
    exact = softmax(np.array(logits))
    lane = softmax(np.array(logits) + noise)
    found = rule.distance(exact, lane, "softmax").largest
    for one, other in zip(exact, lane, strict=True):
        top, said = one.argmax(), other.argmax()
        gap = math.log(one[top]) - math.log(one[said])
        scale = max(1.0, math.log(one.max()) - math.log(one.min()), -math.log(one.max()))
        assert gap <= found * scale + 1e-12


def test_answers_of_other_shapes_are_refused():
    for lane in (EXACT[:, :9], EXACT[:5], EXACT[0]):
        with pytest.raises(InputError, match="cannot be compared"):
            rule.distance(EXACT, lane, "softmax")


def test_the_bound_is_a_multiple_of_keras_own_distance_and_never_nothing():
    assert rule.bound(1e-6) == pytest.approx(3e-5)
    assert rule.bound(0) == rule.FLOOR == pytest.approx(9.5e-7, rel=0.01)


def test_a_model_of_float16_is_judged_by_what_it_would_be_in_float32():
    assert rule.bound(1e-3, 1e-6) == pytest.approx(2e-3), "as far as Keras, or twice"
    assert rule.bound(1e-16, 1e-6) == pytest.approx(3e-5), "one of float64 is closer than any lane"


def test_a_float32_reference_that_underflows_has_the_scale_that_it_shows():
    """What rounds to 0 in float32 is below e**-103: the scale is no larger than that."""
    logits = np.array([[0.0, -1.0, -200.0]])
    flushed = softmax(logits).astype(np.float32)
    assert flushed[0, 2] == 0
    lane = softmax(np.array([[0.0, 1e-3 - 1.0, -200.0]])).astype(np.float32)
    assert rule.distance(flushed, lane, "softmax").largest == pytest.approx(1e-3 / 103.3, rel=1e-2)


def test_a_few_values_are_shares_of_the_scale_that_is_given():
    few = rule.distance([[0.01, 0.02]], [[0.01, 0.03]], "values", scale=1.0)
    assert few.largest == pytest.approx(0.01)
    assert rule.distance([[0.01, 0.02]], [[0.01, 0.03]], "values").largest == pytest.approx(0.5)


def test_the_distance_is_the_largest_of_the_shares():
    lane = softmax(LOGITS + np.random.default_rng(3).normal(0, 1e-3, LOGITS.shape))
    shares = rule.shares(EXACT, lane, "softmax")
    found = rule.distance(EXACT, lane, "softmax")
    assert shares.shape == EXACT.shape and shares[found.worst] == shares.max() == found.largest
