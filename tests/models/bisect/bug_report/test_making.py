"""The operation at which a lane goes wrong, cut small, fails by itself as it does in the model."""

from __future__ import annotations

import numpy as np
import pytest

from models.bisect.bisection import Bisection
from models.bisect.bug_report import making, shrink, writing
from models.bisect.layer_difference import LayerDifference
from models.bisect.search import Search
from models.errors import ModelError
from models.formats.store import SHIPPED
from models.lanes import REFERENCE, Lane
from models.runtimes import node
from models.tfjs.failures import BundleError
from tests.models.bisect import planted_operations as planted
from tests.support.weight_faults import change_node, fused

needs_bundle = pytest.mark.skipif(not node.SCRIPT.is_file(), reason="`make install` bundles it")
LANE = Lane("graph", "tfjs/cpu")
WEIGHT, ROUNDED = "a weight off by 1 %", "quantised weights"


def find(fault, healthy, place, count=2):
    folder = planted.planted(fault, healthy, place)
    return planted.find(folder, fault.lane, planted.digits(count))


@needs_bundle
def test_a_weight_is_shown_in_one_channel_of_one_input(stepped, tmp_path):
    found = find(planted.FAULTS[WEIGHT], stepped, tmp_path)
    trial = found.trial
    assert found.bisection.layer == "first" and found.place.backend == "wasm"
    assert [each["shape"] for each in trial.case["weights"]] == [[3, 3, 1, 1], [1]]
    (config,) = [each["config"] for each in layers_of(trial.case) if each["name"] == "first"]
    assert config["filters"] == 1
    assert trial.inputs[0].size < found.whole.inputs[0].size / 4, "places are cut off, too"
    assert trial.kind == "values" and trial.difference >= found.whole.difference / 2
    assert found.exact is not None and found.exact.dtype == np.float64
    assert np.abs(found.exact - trial.expected).max() < 1e-6 < trial.difference


def layers_of(case):
    return case["topology"]["model_config"]["config"]["layers"]


@needs_bundle
def test_rounded_weights_are_cut_as_they_are_stored(tmp_path):
    found = find(planted.FAULTS[ROUNDED], SHIPPED, tmp_path)
    assert found.bisection.layer == "relu1" and found.lane.weights == "uint8"
    kernel = found.trial.case["weights"][0]
    assert kernel["quantization"]["dtype"] == "uint8" and kernel["shape"][-1] == 1


@needs_bundle
def test_what_differs_in_tensorflow_is_shown_in_tensorflow_js_whole_without_a_keras_layer(
    tmp_path, monkeypatch
):
    lane = Lane("graph", "tensorflow")
    fault = planted.Planted(
        "mnist",
        lane,
        "relu4",
        lambda path: change_node(path, "relu4/Relu", fused_ops=fused("BiasAdd", "Elu")),
    )
    folder = planted.planted(fault, SHIPPED, tmp_path)
    monkeypatch.setattr(making.original, "as_read", lambda *_: None)
    found = planted.find(folder, lane, planted.digits(1))
    assert found.bisection.layer == "relu4" and found.place.backend == "cpu"
    assert found.trial is found.whole and found.exact is None and found.trial.kind == "values"


@needs_bundle
def test_an_operation_that_is_too_large_to_be_tried_is_said_to_be(stepped, tmp_path, monkeypatch):
    monkeypatch.setattr(shrink, "MOST", 100)
    with pytest.raises(ModelError, match="hold more than 100 numbers"):
        find(planted.FAULTS[WEIGHT], stepped, tmp_path)


@needs_bundle
def test_what_is_right_by_itself_is_not_shown(stepped, tmp_path):
    fault = planted.FAULTS[WEIGHT]
    folder = planted.planted(fault, stepped, tmp_path)
    result = planted.bisect(folder, fault.lane, planted.digits(1))
    search = Search(result.reference, 1, (), {fault.lane: result})
    healthy = tmp_path / "healthy"
    healthy.symlink_to(stepped)
    with pytest.raises(ModelError, match="gives what is expected of it"):
        making.find(healthy, planted.digits(1), search)


@needs_bundle
def test_what_node_cannot_try_is_neither_a_fault_nor_right(stepped, tmp_path, monkeypatch):
    monkeypatch.setattr(shrink.Trials, "_run", _ends_early)
    with pytest.raises(ModelError, match="cannot be tried: Node was ended"):
        find(planted.FAULTS[WEIGHT], stepped, tmp_path)


def _ends_early(self, _prepared):
    self.failure = "Node was ended."
    return []


JUMP = LayerDifference("gru", "gru/while", (1, 4), 1.0, 1.0, 1.0, (0, 0), 1e-5)


@pytest.mark.parametrize(
    ("bisection", "why"),
    [
        (Bisection(LANE, REFERENCE), "No lane differs"),
        (Bisection(LANE, REFERENCE, (JUMP,), JUMP, by="jump"), "gru of .* cannot be run alone"),
        (
            Bisection(Lane("graph", "tfjs/cpu"), REFERENCE, error="no Node"),
            "cannot be run: no Node",
        ),
    ],
)
def test_without_a_layer_that_parts_there_is_nothing_to_show(bisection, why):
    search = Search(REFERENCE, 1, (), {bisection.lane: bisection})
    with pytest.raises(ModelError, match=why):
        making.find(SHIPPED, planted.digits(1), search)


def test_what_cannot_be_bundled_or_written_is_said_and_the_command_goes_on(tmp_path, monkeypatch):
    search = Search(REFERENCE, 1, (), {}, few=planted.digits(1))
    monkeypatch.setattr(writing.making, "find", lambda *_: None)
    monkeypatch.setattr(writing.page, "write", lambda *_: "text")

    def fails():
        raise BundleError("no npm")

    monkeypatch.setattr(writing.report_bundle, "read", fails)
    said = writing.write(SHIPPED, search, tmp_path / "a.html")
    assert said == "No report was written: no npm" and not (tmp_path / "a.html").exists()
    monkeypatch.setattr(writing.report_bundle, "read", lambda: None)
    assert writing.write(SHIPPED, search, tmp_path).startswith("No report was written: ")
    assert "shows it by itself" in writing.write(SHIPPED, search, tmp_path / "a.html")
