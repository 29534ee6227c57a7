"""Lanes that fail are looked into, by the judgement of ``verify``; others only where none fails."""

from __future__ import annotations

import shutil

import pytest

from models import dataset
from models.bisect.search import search
from models.dataset import Options
from models.dataset.samples import of_pictures
from models.errors import InputError, ModelError
from models.formats.model_input import DIGITS
from models.formats.store import EXAMPLES, SHIPPED
from models.lanes import Lane
from tests.support.weight_faults import change_layer, change_weight, grown, shifted

GRAPH, LAYERS = Lane("graph", "tensorflow"), Lane("layers", "tensorflow")
TENSORFLOW = ("tensorflow",)


@pytest.fixture(scope="module")
def digits():
    return of_pictures(dataset.read_path(EXAMPLES, Options()).take(range(40)), DIGITS)


@pytest.fixture
def copy(stepped, tmp_path):
    shutil.copytree(stepped, tmp_path / "stepped")
    return tmp_path / "stepped"


def test_only_the_lane_that_differs_is_looked_into_on_the_digit_where_it_is_farthest_off(
    copy, digits
):
    change_weight(copy / "model_layers" / "model.json", "out/bias", shifted(3, 0.1))
    found = search(copy, digits, runtimes=TENSORFLOW, count=3)
    assert [(each.lane, each.kind) for each in found.judgements] == [
        (GRAPH, "passed"),
        (LAYERS, "differs"),
    ]
    (bisection,) = found.bisections.values()
    assert bisection.lane == LAYERS and bisection.layer == "out"
    assert bisection.first is not None and bisection.first.layer == "out before softmax"
    assert found.exit_code == 1 and found.images == 3


def test_where_none_differs_all_are_shown(stepped, digits):
    found = search(stepped, digits, runtimes=TENSORFLOW, count=2)
    assert set(found.bisections) == {GRAPH, LAYERS} and found.exit_code == 0
    assert all(each.first is None and each.differences for each in found.bisections.values())


def test_a_lane_that_cannot_run_keeps_its_reason_and_what_differs_in_its_files(copy, digits):
    change_layer(copy / "model_layers" / "model.json", "first", kernel_size=[5, 5])
    found = search(copy, digits, form="layers", runtimes=TENSORFLOW, count=2)
    (judged,) = found.judgements
    assert judged.kind == "cannot run" and judged.reason
    bisection = found.bisections[LAYERS]
    assert bisection.error == judged.reason
    assert any("kernel_size of first: 3×3" in each for each in bisection.suspects)
    assert found.exit_code == 2, "nothing could be compared"


def test_with_a_tolerance_every_lane_is_looked_into_and_none_judged(copy, digits):
    change_weight(copy / "model_layers" / "model.json", "first/kernel", grown(0.01, 18))
    found = search(copy, digits, runtimes=TENSORFLOW, count=2, rtol=0.5)
    assert set(found.bisections) == {GRAPH, LAYERS}
    assert found.judgements == () and found.exit_code == 0
    assert search(copy, digits, runtimes=TENSORFLOW, count=2, rtol=1e-5).exit_code == 1


def test_a_quantised_model_is_judged_where_it_is_asked_for(small_model, digits):
    found = search(small_model, digits, runtimes=TENSORFLOW, weights="uint8", count=2)
    assert {each.lane.weights for each in found.judgements} == {"uint8"}
    assert all(each.first is not None for each in found.bisections.values())


def test_what_cannot_be_searched_is_said(stepped, digits):
    with pytest.raises(InputError, match="no inputs to compare with: 0 of 40"):
        search(stepped, digits, count=0)
    with pytest.raises(ModelError, match="uint8"):
        search(stepped, digits, runtimes=TENSORFLOW, weights="uint8", count=1)


def test_a_layer_that_a_known_limit_is_about_is_named_among_those_of_one_operation(digits):
    from dataclasses import replace

    from models.bisect.bisection import Bisection
    from models.bisect.layer_difference import LayerDifference

    row = LayerDifference("re_lu", "op", (1, 2), 0.5, 0.1, 1.0, (0, 1), 1e-5)
    found = Bisection(GRAPH, LAYERS, (row,), row, ("depthwise", "re_lu"))
    assert found.layer == "re_lu"
    assert replace(found, limited=("elsewhere", "depthwise")).layer == "depthwise"


def test_the_shipped_model_has_no_lane_to_look_into(digits):
    found = search(SHIPPED, digits, form="graph", runtimes=TENSORFLOW, count=1)
    assert found.failed == () and [*found.bisections] == [GRAPH]
