"""A dataset's verdict claims agreement only for images that were compared, within the bound."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.dataset import UNKNOWN
from models.lanes import NOT_NUMBERS, REFERENCE, Lane
from models.parity.judgement import FIXED, ByRule
from models.parity.scores import Scores
from models.parity.set_verdict import judgements, judging, percent, verdict

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
    assert result.headline == "All formats read all of 2 images alike."
    assert ". Rounding alone explains up to 0.000023." in result.detail
    assert "within the fixed tolerance of 0.00001: this model" in verdict(lanes).detail


def test_another_digit_is_counted():
    result = verdict(three(tops=(7, 1)))
    assert (result.kind, result.headline) == (
        "differ",
        "The formats disagree on 1 of 2 images (50.0 %).",
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
        "All formats agree on all of 2 images, but for 1 tie that rounding decides.",
    )


def test_a_lane_that_gives_nan_differs():
    error = f"The lane's answer holds {NOT_NUMBERS}."
    for tops in ((7, None), (None, None)):
        result = verdict(three(tops=tops, error=error), judge=BOUND)
        assert (result.kind, result.headline) == (
            "differ",
            "The layers model in your browser gives NaN.",
        )
    judged = judgements(three(tops=(7, None), error=error), REFERENCE, BOUND)
    assert {str(lane): each.kind for lane, each in judged.items()} == {
        "graph @ tfjs/wasm": "passed",
        "layers @ tfjs/wasm": "differs",
    }


def test_a_lane_that_stopped_with_an_error_is_no_agreement():
    result = verdict(three(tops=(7, None), error="It stopped."))
    assert result.kind == "failed" and "All" not in result.headline
    assert "Stopped by an error: the layers model in your browser; the table" in result.detail


def test_a_lane_that_failed_at_once_is_no_agreement():
    result = verdict(three(tops=(None, None), error="It failed."))
    assert result.kind == "failed"
    assert result.headline == "2 of 3 versions answered: both formats read all of 2 images alike."


def test_after_stop_only_what_all_answered_counts_as_read_by_all():
    result = verdict(three(tops=(7, None)))
    assert result.kind == "agree"
    assert result.headline == "All formats never disagree where two of them answered."
    assert (
        "Stopped before the end of 2 images: the layers model in your browser after 1."
        in result.detail
    )


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ([], "Fewer than two versions answered"),
        ([lane(REFERENCE, 7)], "Fewer than two versions answered"),
        ([lane(REFERENCE, 7, None), lane(GRAPH, None, 7)], "No image was read by two versions"),
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
    assert verdict(three(), np.array([7, 7])).detail == "Their answers do not differ."


def test_without_labels_it_is_said_that_accuracy_is_not_known():
    assert verdict(three()).detail == (
        "Their answers do not differ. No image has a label, so how many are right is not known."
    )


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
    monkeypatch.setattr(judging, "_VALUES", 70)
    results = [Scores(REFERENCE, base, 1.0), Scores(GRAPH, other, 1.0)]
    assert judgements(results, REFERENCE, judge)[GRAPH] == whole
    assert whole.worst is not None and whole.worst[0] == 33


def test_nan_in_one_part_is_the_worst_of_all(monkeypatch):
    monkeypatch.setattr(judging, "_VALUES", 10)
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


def said(*tops: tuple[int | None, ...], labels: tuple[int, ...], **options: object) -> str:
    lanes = (REFERENCE, Lane("graph", "tensorflow"), GRAPH, LAYERS)
    results = [lane(name, *top) for name, top in zip(lanes, tops, strict=False)]
    return verdict(results, np.array(labels), **options).headline  # type: ignore[arg-type]


def test_one_accuracy_is_said_where_all_formats_have_it():
    assert said((7, 1), (7, 1), (7, 1), (7, 1), labels=(7, 2)) == (
        "50.0 % right with all formats; they never disagree."
    )
    assert said((7, 1), (7, 1), labels=(7, 1)) == (
        "100 % right with both formats; they never disagree."
    )


def test_accuracy_is_said_by_format_where_it_differs():
    assert said((7, 1), (7, 3), (7, 3), (7, 1), labels=(7, 1)) == (
        "100 % right with Keras and the layers model, 50.0 % with the graph model; they disagree "
        "on 1 of 2 images (50.0 %)."
    )


def test_a_format_that_reads_otherwise_in_the_browser_is_named_with_its_place():
    assert said((7, 1), (7, 1), (7, 3), labels=(7, 1)).startswith(
        "100 % right with Keras and the graph model on the server, 50.0 % with the graph model in "
        "your browser;"
    )


def test_accuracy_is_of_images_that_every_version_read():
    assert said((7, 1, 3), (7, 1, None), labels=(7, 2, 3)) == (
        "50.0 % right with both formats on the 2 images that all read; they never disagree where "
        "two of them answered."
    )


def test_images_without_a_label_and_files_left_out_are_counted():
    detail = verdict(three(tops=(7, 7)), np.array([7, UNKNOWN]), left_out=2).detail
    assert detail.endswith("1 of 2 images have no label. 2 files left out.")


def test_a_model_that_rounds_too_coarsely_is_no_agreement():
    result = verdict(three(), judge=ByRule("softmax", 2.0))
    assert result.kind == "unsure" and "too coarsely to tell more" in result.headline


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(99, 100, "99.0 %"), (1, 1, "100 %"), (0, 9, "0 %"), (9_999, 10_000, "99.99 %"),
     (1, 70_000, "0.001 %"), (2, 3, "66.7 %")],
)  # fmt: skip
def test_only_all_is_a_hundred_percent(part, whole, text):
    assert percent(part / whole) == text
