"""A lane's judgement, by the rule and by a tolerance."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.lanes import Lane
from models.parity import judgement
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


def test_lanes_without_an_answer_say_why():
    assert cannot_run(LANE, "no layer X").kind == "cannot run"
    assert not_tried(LANE, "not installed").reason == "not installed"


RULES = (ByRule("softmax", 1e-5), ByRule("values", 1e-3))
OUTPUTS = (BASE, np.arange(12.0).reshape(2, 3, 2))  # the second has three rows for an input


def judged(*answers):
    return judgement.of_outputs(LANE, RULES, ("kind", "boxes"), OUTPUTS, answers)


def test_a_lane_passes_where_all_its_outputs_do():
    assert judged(*OUTPUTS).kind == "passed" and judged(*OUTPUTS).reason is None


def test_a_lane_is_as_its_worst_output_which_is_named():
    boxes = OUTPUTS[1].copy()
    boxes[1, 2, 0] += 1
    found = judged(OUTPUTS[0], boxes)
    assert found.kind == "differs" and found.worst == (1, 0), "input 1, whichever row of it"
    assert found.reason is not None and found.reason.startswith("Output boxes: It is 0.091 off")
    assert judged(moved(0.1), OUTPUTS[1]).reason.startswith("Output kind: ")


def test_nan_in_one_output_is_worse_than_any_distance_in_another():
    boxes = OUTPUTS[1].copy()
    boxes[0, 0, 0] = np.nan
    assert (
        judged(moved(0.9), boxes).reason == "Output boxes: It gives NaN, first at input 0, class 0."
    )


def test_a_lane_that_lacks_an_output_differs():
    assert judged(OUTPUTS[0]).reason == "It has 1 outputs, not 2."
