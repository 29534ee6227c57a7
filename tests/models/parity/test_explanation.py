"""A lane that fails for a known reason names it, and others name none."""

from __future__ import annotations

import json

import pytest
import tf_keras as keras

from models.convert.intake.given import Given
from models.formats.store import EXAMPLES
from models.formats.wanted import NOTHING
from models.lanes import Lane
from models.parity import explanation
from models.parity.judgement import Judgement
from models.verify import report, text, without_adding
from models.verify.verification import Verification

L = keras.layers


@pytest.fixture(scope="module")
def sloped(tmp_path_factory) -> Verification:
    """A ReLU whose slope the layers model ignores, silently."""
    path = tmp_path_factory.mktemp("sloped") / "model.h5"
    keras.utils.set_random_seed(1)
    steps = [L.Flatten(), L.Dense(8), L.ReLU(negative_slope=0.3), L.Dense(10, "softmax")]
    keras.Sequential([L.Input((28, 28, 1)), *steps]).save(path)
    runtimes = ("tensorflow", "tfjs/wasm")
    result, _ = without_adding.verify(Given(original=path), NOTHING, EXAMPLES, runtimes=runtimes)
    return result


def test_a_lane_that_differs_names_the_known_limit(sloped):
    limits = {str(each.lane): each.limit for each in sloped.judgements}
    assert limits["layers @ tfjs/wasm"] == "relu-negative-slope"
    assert limits["graph @ tfjs/wasm"] is None


def test_the_conclusion_says_what_happens_and_the_way_out(sloped):
    (row,) = explanation.rows(sloped.judgements)
    assert f"Known limit {row.name}: {row.happens} {row.way_out}" in text.conclusion(sloped)


def test_the_json_names_it(sloped):
    lanes = json.loads(json.dumps(report.as_json(sloped)))["lanes"]
    assert "relu-negative-slope" in {each["limit"] for each in lanes}


def test_a_row_is_named_once(sloped):
    lane = Lane("layers", "tfjs/cpu")
    twice = [Judgement(lane, "differs", limit="relu-negative-slope")] * 2
    assert len(explanation.rows([*twice, Judgement(lane, "passed")])) == 1
