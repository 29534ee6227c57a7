"""A lane's judgement, by the rule and by a tolerance."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from models.lanes import Lane
from models.parity.judgement import ByRule, ByTolerance, cannot_run, not_tried

LANE = Lane("graph", "tfjs/wasm")
BASE = np.array([[0.25, 0.75], [0.5, 0.5]])
RULE, TOLERANCE = ByRule("softmax", 1e-4), ByTolerance(1e-4, 0.0)


def moved(by: float):
    return BASE + np.array([[by, -by], [0, 0]])


@pytest.mark.parametrize("judge", [RULE, TOLERANCE])
def test_a_lane_within_the_bound_passes_with_its_figures(judge):
    passed = judge.judge(LANE, BASE, moved(1e-6))
    assert (passed.kind, passed.reason, passed.bound) == ("passed", None, 1e-4)
    assert 0 < passed.distance < 1e-5 and passed.same_top == 1 and passed.worst[0] == 0


@pytest.mark.parametrize("judge", [RULE, TOLERANCE])
def test_a_lane_beyond_it_differs_and_says_by_how_much_and_where(judge):
    differs = judge.judge(LANE, BASE, moved(0.1))
    assert differs.kind == "differs" and differs.distance > 0.09
    assert " off at input 0, class " in differs.reason and "1e-4 may be rounding" in differs.reason


@pytest.mark.parametrize("judge", [RULE, TOLERANCE, ByRule("values", 1.0)])
def test_nan_differs_whatever_the_bound(judge):
    differs = judge.judge(LANE, BASE, moved(math.nan))
    assert differs.kind == "differs" and math.isnan(differs.distance)
    assert differs.reason.startswith("It gives NaN, first at input 0, class ")


@pytest.mark.parametrize("judge", [RULE, TOLERANCE])
def test_another_number_of_classes_differs(judge):
    differs = judge.judge(LANE, BASE, BASE[:, :1])
    assert differs.kind == "differs" and "cannot be compared" in differs.reason
    assert differs.distance is None


def test_a_tolerance_tells_the_smallest_that_would_pass():
    judged = ByTolerance(0.01, 0.1).judge(LANE, BASE, moved(0.05))
    assert judged.kind == "differs" and judged.distance == pytest.approx(0.025)
    assert ByTolerance(judged.distance, 0.1).judge(LANE, BASE, moved(0.05)).kind == "passed"


@pytest.mark.parametrize("bound", [1.0, 2.2, math.inf])
def test_where_rounding_may_be_the_whole_answer_a_lane_that_passes_cannot_be_judged(bound):
    judged = ByRule("values", bound).judge(LANE, BASE, moved(0.1))
    assert judged.kind == "cannot be judged" and judged.distance == pytest.approx(0.1 / 0.75)
    assert "rounding alone may change its answers completely: it is 0.13 off" in judged.reason


def test_a_lane_beyond_even_such_a_bound_differs():
    judged = ByRule("values", 1.0).judge(LANE, BASE, moved(0.8))
    assert judged.kind == "differs" and judged.reason.startswith("It is 1.1 off at input 0, ")


@pytest.mark.parametrize("judge", [ByRule("values", 1e-4), ByTolerance(1e-4, 0.0)])
def test_numbers_that_are_no_classes_are_called_values(judge):
    judged = replace(judge, unit="value").judge(LANE, BASE, moved(0.1))
    assert judged.place == "input 0, value 0" and "at input 0, value 0" in judged.reason


def test_lanes_without_an_answer_say_why():
    assert cannot_run(LANE, "no layer X").kind == "cannot run"
    assert not_tried(LANE, "not installed").reason == "not installed"
