"""A comparison that could show nothing says so."""

from __future__ import annotations

import numpy as np
import pytest

from models import dataset
from models.formats.store import EXAMPLES
from models.parity import cautions
from models.parity.judgement import ByRule

DIGITS = dataset.read_path(EXAMPLES)
SPREAD = np.random.default_rng(1).dirichlet(np.ones(10), len(DIGITS))


def said(base, digits=DIGITS, bound=1e-5, answers="probabilities") -> str:
    judge = ByRule("softmax", bound)
    return " ".join(cautions.find(np.asarray(base), judge, digits.labels, answers))


def test_a_comparison_that_shows_something_has_none():
    assert said(SPREAD) == ""


@pytest.mark.parametrize("noise", [0, 1e-6])
def test_one_answer_whatever_the_picture_is_said(noise):
    assert "one answer whatever the input" in said(SPREAD[:1] + noise * SPREAD)


def test_a_set_of_one_class_is_said():
    at = np.flatnonzero(DIGITS.labels == 3)
    assert "All labelled inputs are of one class, 3" in said(SPREAD[at], DIGITS.take(at))


def test_a_class_that_the_model_sees_everywhere_is_said():
    skewed = SPREAD.copy()
    skewed[:, 4] += 1
    assert "sees class 4 in every input" in said(skewed)
    assert "sees class 4 in every input" in said(skewed, answers="logits")
    assert said(skewed, answers="values") == said(skewed, answers="sigmoid") == ""
    assert said(np.linspace(0, 1, len(DIGITS))[:, None]) == "", "one output has no classes"


@pytest.mark.parametrize("count, words", [(1, "Only 1 input:"), (19, "Only 19 inputs:"), (20, "")])
def test_few_inputs_are_said(count, words):
    found = said(SPREAD[:count], DIGITS.take(np.arange(count) * 5))
    assert found.startswith(words) and bool(found) == bool(words)


def test_answers_that_rounding_may_change_completely_are_said_to_be_beyond_judgement():
    found = said(SPREAD, bound=2.2)
    assert "completely, by 2.2 of their scale: they cannot be judged" in found
    assert "computes coarsely" not in found


def test_what_is_too_small_to_be_told_from_rounding_is_said():
    assert "less than 0.049 of their scale cannot be told" in said(SPREAD, bound=0.049)
