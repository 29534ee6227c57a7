"""What the answers to the ready pictures say, in words."""

from __future__ import annotations

import math

from app.inspect.results import answers
from app.inspect.results.judged import Judged
from models.lanes import REFERENCE, Lane
from models.parity.judgement import Judgement, Kind
from models.parity.verdict import Verdict

GRAPH, LAYERS = Lane("graph", "tfjs/wasm"), Lane("layers", "tfjs/wasm")
CALLED = "100 ready digits"
AGREE = Verdict("agree", "Nowhere: both formats follow Keras through every layer.", "Far.")


def judged(lane: Lane, kind: Kind, far: float | None = 1e-7) -> Judgement:
    return Judgement(lane, kind, None if kind == "passed" else "Why.", far, 1e-5)


def found(*judgements: Judgement) -> Judged:
    return Judged(REFERENCE, judgements, "Bound.", ())


def test_answers_that_pass_are_counted_and_leave_the_verdict() -> None:
    said = answers.with_answers(
        AGREE, found(judged(GRAPH, "passed"), judged(LAYERS, "passed")), CALLED
    )
    assert (said.kind, said.headline) == (AGREE.kind, AGREE.headline)
    assert said.detail == "Far. All 2 other versions answer 100 ready digits like Keras, too."


def test_answers_that_differ_take_the_verdict_of_layers_that_agree() -> None:
    judgements = (judged(GRAPH, "passed"), judged(LAYERS, "differs", 0.012))
    said = answers.with_answers(AGREE, found(*judgements), CALLED)
    assert said.kind == "differ"
    assert said.headline == (
        "Not with this picture, but the layers model in your browser answers 100 ready digits "
        "otherwise."
    )
    assert "by up to 0.012 of the answers' scale" in said.detail


def test_before_the_browser_has_answered_nothing_is_said_of_it() -> None:
    servers = [Lane(form, "tensorflow") for form in ("graph", "layers")]
    passed = found(*(judged(each, "passed") for each in servers))
    assert answers.outcome(passed, CALLED) == (
        "The graph and layers models on the server answer 100 ready digits like Keras, too."
    )
    differing = found(judged(servers[0], "passed"), judged(servers[1], "differs"))
    assert answers.with_answers(AGREE, differing, CALLED, is_whole=False).headline == (
        "Not with this picture so far, but the layers model on the server answers 100 ready digits "
        "otherwise."
    )


def test_nan_is_said_before_any_distance() -> None:
    judgements = (judged(GRAPH, "differs", math.nan), judged(LAYERS, "differs", 0.1))
    assert "by up to NaN" in answers.outcome(found(*judgements), CALLED)


def test_what_cannot_be_judged_is_not_called_the_same() -> None:
    said = answers.outcome(found(judged(GRAPH, "cannot be judged")), CALLED)
    assert "cannot be told" in said and "like Keras, too" not in said


def test_versions_without_an_answer_are_not_counted() -> None:
    judgements = (judged(GRAPH, "passed"), judged(LAYERS, "cannot run", None))
    assert answers.outcome(found(*judgements), CALLED) == (
        "1 version answers 100 ready digits like Keras, too."
    )
    assert answers.outcome(found(judged(GRAPH, "cannot run", None)), CALLED) == (
        "No version answered 100 ready digits."
    )
    assert "Without an answer: the layers model in your browser." in list(
        answers.sentences(found(*judgements), CALLED)
    )


def test_other_numbers_in_the_files_are_told_apart_from_other_answers() -> None:
    by_numbers = Judgement(GRAPH, "differs", "Why.", 1e-7, 1e-5, by="numbers")
    said = answers.outcome(found(by_numbers), CALLED)
    assert "answered alike, but the files hold other numbers" in said


def test_nothing_is_added_before_the_answers_are_there() -> None:
    assert answers.with_answers(AGREE, None, CALLED) is AGREE
