"""A dataset's verdict claims agreement only for images that were compared, within the bound."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.lanes import NOT_NUMBERS, REFERENCE, Lane
from models.parity import set_verdict
from models.parity.judgement import FIXED, ByRule
from models.parity.scores import Scores
from models.parity.set_verdict import judgements, verdict

GRAPH, LAYERS = Lane("graph", "tfjs/wasm"), Lane("layers", "tfjs/wasm")
BOUND = ByRule("softmax", 2.3e-5)


def lane(name: Lane, *tops: int | None, sure: float = 0.99, error: str | None = None) -> Scores:
    rows = np.full((len(tops), 10), np.nan, np.float32)
    for row, top in zip(rows, tops, strict=True):
        if top is not None:
            row[:] = (1 - sure) / 9
            row[top] = sure
    return Scores(name, rows, 1.0, error)


def three(**last: object) -> list[Scores]:
    layers = lane(LAYERS, *(last.pop("tops", (7, 7))), **last)  # type: ignore[arg-type]
    return [lane(REFERENCE, 7, 7), lane(GRAPH, 7, 7), layers]


def test_lanes_that_agree_on_every_image_are_said_to():
    lanes = three(sure=0.99 + 3e-7)
    result = verdict(lanes, judge=BOUND)
    assert result.kind == "agree"
    assert result.headline == "All 3 lanes name the same class on all of 2 images."
    assert ". Rounding alone explains up to 0.000023." in result.detail
    assert "within the fixed tolerance of 0.00001: this model" in verdict(lanes).detail


def test_another_digit_is_counted():
    result = verdict(three(tops=(7, 1)))
    assert (result.kind, result.headline) == (
        "differ",
        "The 3 lanes differ on 1 of 2 images (50.00%).",
    )


def test_the_same_digits_with_other_numbers_are_no_agreement():
    result = verdict(three(sure=0.6))
    assert result.kind == "differ" and "but not with the same numbers" in result.headline
    assert "up to 0.39, above the fixed tolerance" in result.detail
    by_rule = verdict(three(sure=0.6), judge=BOUND)
    assert by_rule.kind == "differ" and "explains no more than 0.000023" in by_rule.detail


def test_a_tie_that_rounding_decides_is_no_difference():
    lanes = three(sure=0.99)
    for each, top in zip(lanes, (7, 1, 7), strict=True):
        each.probabilities[:, [1, 7]] = 0.49
        each.probabilities[0, top] += np.float32(2**-24)
    assert {int(each.top[0]) for each in lanes} == {1, 7}
    result = verdict(lanes, judge=BOUND)
    assert (result.kind, result.headline) == (
        "agree",
        "All 3 lanes agree on all of 2 images, but for 1 tie that rounding decides.",
    )


def test_a_lane_that_gives_nan_differs():
    error = f"The lane's answer holds {NOT_NUMBERS}."
    for tops in ((7, None), (None, None)):
        result = verdict(three(tops=tops, error=error), judge=BOUND)
        assert (result.kind, result.headline) == ("differ", "layers @ tfjs/wasm gives NaN.")
    judged = judgements(three(tops=(7, None), error=error), REFERENCE, BOUND)
    assert {str(lane): each.kind for lane, each in judged.items()} == {
        "graph @ tfjs/wasm": "passed",
        "layers @ tfjs/wasm": "differs",
    }


def test_a_lane_that_stopped_with_an_error_is_no_agreement():
    result = verdict(three(tops=(7, None), error="It stopped."))
    assert result.kind == "failed" and "All" not in result.headline
    assert "Stopped by an error: layers @ tfjs/wasm; the table" in result.detail


def test_a_lane_that_failed_at_once_is_no_agreement():
    result = verdict(three(tops=(None, None), error="It failed."))
    assert result.kind == "failed"
    assert result.headline == "2 of 3 lanes name the same class wherever two answered."


def test_after_stop_only_what_all_answered_counts_as_read_by_all():
    result = verdict(three(tops=(7, None)))
    assert result.kind == "agree"
    assert result.headline == "All 3 lanes name the same class on the 1 image that all answered."
    assert "Stopped before the end of 2 images: layers @ tfjs/wasm after 1." in result.detail


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ([], "Fewer than two lanes answered"),
        ([lane(REFERENCE, 7)], "Fewer than two lanes answered"),
        ([lane(REFERENCE, 7, None), lane(GRAPH, None, 7)], "No image was read by two lanes"),
    ],
)
def test_too_little_to_compare_is_said(results, words):
    result = verdict(results)
    assert result.kind == "failed" and words in result.headline


def test_differences_are_from_the_models_own_reference():
    apart = [lane(GRAPH, 7, sure=0.5 + 8e-6), lane(LAYERS, 7, sure=0.5)]
    extra = lane(Lane("layers", "tensorflow"), 7, sure=0.5 - 8e-6)
    assert verdict([*apart, extra], reference=LAYERS).kind == "agree"
    assert verdict([*apart, extra], reference=extra.lane).kind == "differ"
    assert verdict([*apart, extra]).kind == "differ", "without a reference: of any two"


def test_what_the_reference_never_read_is_compared_among_the_others():
    results = [lane(REFERENCE, 7, None), lane(GRAPH, None, 7), lane(LAYERS, None, 7, sure=0.6)]
    result = verdict(results)
    assert result.kind == "differ" and "up to 0.39, above the fixed tolerance" in result.detail


def test_equal_numbers_are_said_to_be_equal():
    assert verdict(three()).detail == "Their answers do not differ."


@pytest.mark.parametrize(
    "judge",
    [BOUND, ByRule("values", 1e-4), ByRule("values", 1e-4, 2.0), FIXED],
    ids=["softmax", "values", "values of a scale", "fixed"],
)
def test_many_answers_are_judged_in_parts_as_they_are_in_one(monkeypatch, judge):
    random = np.random.default_rng(3)
    base = random.dirichlet(np.ones(10), 50).astype(np.float32)
    other = base + random.normal(0, 1e-6, base.shape).astype(np.float32)
    other[33, 4] += np.float32(1e-2)
    whole = judge.judge(GRAPH, base, other)
    monkeypatch.setattr(set_verdict, "_VALUES", 70)
    results = [Scores(REFERENCE, base, 1.0), Scores(GRAPH, other, 1.0)]
    assert judgements(results, REFERENCE, judge)[GRAPH] == whole
    assert whole.worst is not None and whole.worst[0] == 33


def test_nan_in_one_part_is_the_worst_of_all(monkeypatch):
    monkeypatch.setattr(set_verdict, "_VALUES", 10)
    results = three()
    results[2].probabilities[1, 3] = np.nan
    found = judgements(results, REFERENCE, BOUND)[LAYERS]
    assert found.kind == "differs" and found.worst == (1, 3)


def test_lanes_of_logits_are_judged_by_their_logits():
    """What the softmax of both is the same to the last bit may still be other numbers."""
    lanes = three()
    apart = np.linspace(-4, 4, 20, dtype=np.float32).reshape(2, 10)
    judged = [replace(each, answers=apart + at) for at, each in enumerate(lanes)]
    found = judgements(judged, REFERENCE, ByRule("values", 1e-4, 4.0))
    assert {each.kind for each in found.values()} == {"differs"}
    assert found[GRAPH].distance == pytest.approx(0.25)
