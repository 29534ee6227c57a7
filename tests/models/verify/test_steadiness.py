"""A lane in a browser that answers otherwise the second time, or in a batch, differs."""

from dataclasses import replace

import numpy as np
import pytest

from models.lanes import Lane
from models.parity.judgement import ByRule, ByTolerance, Judgement
from models.runtimes.browser.answers import Asked, BrowserRun
from models.runtimes.references import Reference
from models.verify import in_browser, steadiness

LANE = Lane("graph", "tfjs/webgl")
PASSED = Judgement(LANE, "passed", None, 1e-7, 1e-5, 1.0, (0, 0), inputs=4)
BOUND = 1e-5
ROWS = np.array([[1.0, 2], [3, 4], [5, 6], [7, 10]], np.float32)
REFERENCE = Reference(LANE, (ROWS,), (ROWS,), (ByRule("values", BOUND),))


def run(rows=ROWS, together=ROWS, **changed):
    """Predictions of inputs 0, 0, 0, 1, 2, 3, 0, of which ``changed`` ones answer otherwise."""
    order = [0, 0, 0, 1, 2, 3, 0]
    singles = [
        Asked(number, at, (changed.get(f"p{number}", rows[at : at + 1]),))
        for number, at in enumerate(order, 1)
    ]
    return BrowserRun(LANE, (rows,), singles=tuple(singles), together=(together,))


def other(at, far):
    """The answer to an input, off by so many bounds of the largest answer."""
    return ROWS[at : at + 1] + np.float32([[0, far * BOUND * 10]])


def test_answers_that_are_alike_pass_and_it_is_kept_how_far_they_were_apart():
    ran = run(p2=other(0, 1.5), together=np.concatenate([other(0, 0.5), ROWS[1:]]))
    found = steadiness.judged(PASSED, ran, REFERENCE)
    assert found == replace(PASSED, ran=found.ran)
    assert found.ran.again == pytest.approx(1.5e-5, rel=0.05)
    assert found.ran.apart == pytest.approx(0.5e-5, rel=0.05)
    assert (found.ran.predictions, found.ran.together, found.ran.inputs) == (7, 4, 4)


@pytest.mark.parametrize("number", [2, 3, 7])
def test_another_prediction_of_the_same_input_is_a_finding(number):
    found = steadiness.judged(PASSED, run(**{f"p{number}": other(0, 40)}), REFERENCE)
    assert (found.kind, found.by, found.distance) == ("differs", "again", PASSED.distance)
    assert found.reason == (
        f"The answers of prediction {number} differ from the first ones to the same input: "
        "they are 4e-4 apart, where 2e-5 may be rounding."
    )


def test_another_answer_in_a_batch_is_a_finding():
    together = np.concatenate([ROWS[:3], other(3, 40)])
    found = steadiness.judged(PASSED, run(together=together), REFERENCE)
    assert (found.kind, found.by) == ("differs", "again")
    assert found.reason.startswith("The answers to 4 inputs in one batch differ from those to each")


def test_a_single_answer_that_is_wrong_is_found_by_the_batch():
    found = steadiness.judged(PASSED, run(p5=other(2, 40)), REFERENCE)
    assert "in one batch differ" in found.reason


@pytest.mark.parametrize("place", ["p2", "together"])
def test_nan_the_second_time_is_a_finding(place):
    nan = np.full_like(ROWS[:1] if place == "p2" else ROWS, np.nan)
    found = steadiness.judged(PASSED, run(**{place: nan}), REFERENCE)
    assert found.kind == "differs"
    assert found.reason.endswith("one of them is NaN.")


def test_a_lane_that_differs_already_keeps_its_reason():
    differs = replace(PASSED, kind="differs", reason="It is off.")
    found = steadiness.judged(differs, run(p2=other(0, 40)), REFERENCE)
    assert found.reason.startswith("It is off. The answers of prediction 2")
    assert found.by == "answers"


def test_a_persons_tolerance_is_kept_to_here_too():
    coarse = replace(REFERENCE, judges=(ByTolerance(1e-3, 0),))
    assert steadiness.judged(PASSED, run(p2=other(0, 10)), coarse).kind == "passed"
    assert steadiness.judged(PASSED, run(p2=other(0, 30)), coarse).kind == "differs"


def test_what_was_asked_once_is_not_judged():
    ran = BrowserRun(LANE, (ROWS,), singles=(Asked(1, 0, (ROWS[:1],)),))
    found = steadiness.judged(PASSED, ran, REFERENCE)
    assert (found.kind, found.ran.again, found.ran.apart) == ("passed", None, None)


def test_sentences_say_where_it_ran_and_what_was_compared():
    gpu = replace(run(), renderer="SwiftShader", software=True, browser="Chromium 156")
    found = steadiness.judged(PASSED, gpu, REFERENCE)
    threads = replace(run(), threads=4, browser="Chromium 156")
    wasm = Lane("graph", "tfjs/wasm")
    other_one = steadiness.judged(replace(PASSED, lane=wasm), threads, REFERENCE)
    first, second = in_browser.sentences([found, other_one], 1000)
    assert first == (
        "In Chromium 156: tfjs/webgl is drawn in software (SwiftShader), not by a graphics card, "
        "was asked for 4 of the 1,000 inputs; tfjs/wasm computes on 4 threads, was asked for 4 of "
        "the 1,000 inputs."
    )
    assert second == (
        "Predictions 1, 2 and 7 of one input are the same to the bit; 4 inputs one by one and in "
        "one batch are the same to the bit."
    )
    assert in_browser.sentences([PASSED], 1000) == []


def test_sentences_say_what_differs():
    bad = steadiness.judged(PASSED, run(p2=other(0, 40)), REFERENCE)
    *_, last = in_browser.sentences([bad], 4)
    assert last == f"{LANE}: {bad.reason}"
    assert not any("of one input are" in each for each in in_browser.sentences([bad], 4))
    half = replace(bad, by="answers", same_top=0.99)
    assert in_browser.sentences([half], 4)[-1].endswith("the same class for 99.00% of the inputs.")


def test_json_has_what_a_browser_told_and_no_nan():
    bad = steadiness.judged(PASSED, run(p2=np.full_like(ROWS[:1], np.nan)), REFERENCE)
    told = in_browser.as_json(bad.ran)
    assert told["again"] is None
    assert told["apart"] == 0.0
    assert told["predictions"] == 7
    assert in_browser.as_json(None) is None
