"""A report is one file with a bound on its size, and a name in it can do nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from models.bisect.bisection import Bisection
from models.bisect.bug_report import page
from models.bisect.bug_report.case import Operation, Weights
from models.bisect.bug_report.making import Found
from models.bisect.bug_report.places import Place
from models.bisect.bug_report.trials import Trial
from models.bisect.layer_difference import LayerDifference
from models.errors import ModelError
from models.formats.model_json import Stored
from models.lanes import REFERENCE, Lane
from models.tfjs.report_bundle import Bundle

HOSTILE = '</script><script>alert(1)</script><!--<b title="{{case}}">&'
BUNDLE = Bundle(b"script", b"wasm", "4.22.0")


def made(expected, found, *, name="relu", error="", exact=None) -> Found:
    expected = np.asarray(expected, np.float32)
    given = None if found is None else np.asarray(found, np.float32)
    entry = {"name": name, "shape": [2], "dtype": "float32"}
    weights = [Weights(Stored(entry, np.ones(2, np.float32), 8), {})]
    operation = Operation(
        "graph", lambda *_: {"node": [name]}, weights, [name], name, frozenset(), [(name, name)]
    )
    inputs = (np.ones((1, 2), np.float32),)
    trial = Trial({}, operation.case(inputs, {}), inputs, expected, given, error)
    first = LayerDifference(name, name, (1, 2), 1.0, 1.0, 1.0, (0, 0), 1e-5)
    bisection = Bisection(
        Lane("graph", "tfjs/cpu"), REFERENCE, (first,), first, (name,), (f"{name} of {name}",)
    )
    versions = {"tensorflow": name}
    lane = bisection.lane
    place = Place("Node", "cpu", {}, lambda _: ([], ""))
    return Found(lane, place, bisection, operation, trial, trial, exact, 1e-6, versions)


def case_of(text: str):
    (found,) = re.findall(r'<script type="application/json" id="case">(.*?)</script>', text)
    return json.loads(found)


def test_it_has_both_answers_the_exact_one_and_what_is_compared():
    found = made([[1, 2]], [[1, 2.5]], exact=np.array([[1, 2 + 1e-9]]))
    text = page.write(found, BUNDLE)
    assert "up to 0.5 away from the original&#x27;s" in text
    assert "<td>2</td><td>2</td><td>2.5</td>" in text and "4.22.0" in text
    case = case_of(text)
    assert case["difference"] == 0.5 and case["backend"] == "cpu" and case["noise"] == 0.005
    assert case["operation"]["inputs"][0]["shape"] == [1, 2]


@pytest.mark.parametrize(
    ("expected", "found", "said"),
    [
        ([[1, 2]], [[1]], "gives the shape 1×1 where the original gives 1×2"),
        ([[1, 2]], [[1, np.nan]], "gives NaN or infinity"),
        ([[1, 2]], None, "cannot compute it: no kernel"),
    ],
)
def test_what_has_no_difference_in_numbers_is_said(expected, found, said):
    text = page.write(made(expected, found, error="no kernel"), BUNDLE)
    assert said in text and case_of(text)["difference"] is None


def test_names_and_errors_can_do_nothing():
    found = made([[1, 2]], None, name=HOSTILE, error=HOSTILE)
    plain = page.write(made([[1, 2]], None, error="no"), BUNDLE)
    text = page.write(found, BUNDLE)
    for mark in ("<script", "</script", "<!--", "<b"):
        assert text.count(mark) == plain.count(mark), mark
    assert case_of(text)["operation"]["output"] == HOSTILE


def test_what_does_not_fit_is_said_and_not_written(monkeypatch):
    many = np.arange(50_000, dtype=np.float32)[None]
    with pytest.raises(ModelError, match=r"takes \d{3},\d{3} bytes.* 300,000 fit"):
        page.write(made(many, many + 1), BUNDLE)
    large = replace(BUNDLE, script=bytes(2_000_000))
    with pytest.raises(ModelError, match="1,500,000 are the most"):
        page.write(made([[1, 2]], [[1, 3]]), large)


def test_of_many_values_those_farthest_off_are_shown():
    expected = np.zeros((1, 1000), np.float32)
    found = expected.copy()
    found[0, 500] = 1
    text = page.write(made(expected, found), BUNDLE)
    assert text.count("data-index=") == 10 and 'data-index="500"' in text
    assert "the 10 values that are farthest off, of 1,000" in text
