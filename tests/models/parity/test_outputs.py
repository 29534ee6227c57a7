"""A lane of several outputs is as the worst of them."""

from __future__ import annotations

import numpy as np

from models.lanes import Lane
from models.parity import outputs
from models.parity.judgement import ByRule

LANE = Lane("graph", "tfjs/wasm")
BASE = np.array([[0.25, 0.75], [0.5, 0.5]])


def moved(by: float):
    return BASE + np.array([[by, -by], [0, 0]])


RULES = (ByRule("softmax", 1e-5), ByRule("values", 1e-3))
OUTPUTS = (BASE, np.arange(12.0).reshape(2, 3, 2))  # the second has three rows for an input


def judged(*answers):
    return outputs.judged(LANE, RULES, ("kind", "boxes"), OUTPUTS, answers)


def test_a_lane_passes_where_all_its_outputs_do():
    assert judged(*OUTPUTS).kind == "passed" and judged(*OUTPUTS).reason is None


def test_a_lane_is_as_its_worst_output_which_is_named():
    boxes = OUTPUTS[1].copy()
    boxes[1, 2, 0] += 1
    found = judged(OUTPUTS[0], boxes)
    assert found.kind == "differs" and found.worst == (1, 0), "input 1, whichever row of it"
    assert found.place == "boxes: input 1, class 0"
    assert found.reason is not None and found.reason.startswith("Output boxes: It is 0.091 off")
    assert judged(moved(0.1), OUTPUTS[1]).reason.startswith("Output kind: ")


def test_an_output_that_cannot_be_judged_is_not_hidden_by_one_that_passes():
    rules = (ByRule("softmax", 1e-5), ByRule("values", 2.0))
    kind = BASE + np.array([[1e-6, -1e-6], [0, 0]])
    found = outputs.judged(LANE, rules, ("kind", "boxes"), OUTPUTS, (kind, OUTPUTS[1]))
    assert found.kind == "cannot be judged" and found.reason.startswith("Output boxes: The model")
    both = outputs.judged(LANE, rules, ("kind", "boxes"), OUTPUTS, (moved(0.1), OUTPUTS[1]))
    assert both.kind == "differs" and both.output == "kind"


def test_nan_in_one_output_is_worse_than_any_distance_in_another():
    boxes = OUTPUTS[1].copy()
    boxes[0, 0, 0] = np.nan
    assert (
        judged(moved(0.9), boxes).reason == "Output boxes: It gives NaN, first at input 0, class 0."
    )


def test_a_lane_that_lacks_an_output_differs():
    assert judged(OUTPUTS[0]).reason == "It has 1 outputs, not 2."
