"""What a visitor's worker says is untrusted."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.benchmark.beyond import said
from models.runtimes.browser.message import Message

NONE = np.zeros(0, np.float32)
ROWS = {"what": "prediction", "number": 1, "start": 0, "rows": 1, "shapes": [[10]]}
GOOD = {
    "here": {"environment": {"userAgent": "x Chrome/140.0", "cores": 2}},
    "about": {"about": {"fetched": ["a.js"], "software": True, "renderer": "x", "threads": 1}},
    "rows": ROWS,
    "lane": {"loadMs": 1, "firstMs": 1, "steadyMs": [1], "ms": 1, "leaked": 0},
    "fault": {"error": "no"},
    "end": {},
}
HOSTILE = [
    ("nothing", {}),
    ("here", {}),
    ("here", {"environment": 1}),
    ("here", {"environment": {"userAgent": ["x"]}}),
    ("here", {"environment": dict.fromkeys(map(str, range(99)), "")}),
    ("about", {"about": 1}),
    ("about", {"about": {"fetched": ["x"] * 101}}),
    ("about", {"about": {"fetched": [{}]}}),
    ("rows", ROWS | {"start": 5}),
    ("rows", ROWS | {"start": -1}),
    ("rows", ROWS | {"rows": 0}),
    ("rows", ROWS | {"rows": math.inf}),
    ("rows", ROWS | {"rows": True}),
    ("rows", ROWS | {"shapes": [[10]] * 17}),
    ("rows", ROWS | {"shapes": [[1] * 9]}),
    ("rows", ROWS | {"shapes": [[2**40]]}),
    ("rows", ROWS | {"shapes": [["10"]]}),
    ("rows", ROWS | {"what": {}}),
    ("rows", {"what": "prediction"}),
    ("lane", {}),
    ("lane", GOOD["lane"] | {"steadyMs": [1] * 1001}),
    ("lane", GOOD["lane"] | {"steadyMs": ["1"]}),
    ("lane", GOOD["lane"] | {"firstMs": math.nan}),
    ("lane", GOOD["lane"] | {"loadMs": -1}),
    ("lane", {"error": 1}),
    ("fault", {"error": None}),
]


@pytest.mark.parametrize("kind", GOOD)
def test_what_the_page_says_passes_without_what_is_not_known(kind: str) -> None:
    values = np.zeros(10, np.float32) if kind == "rows" else NONE
    message = Message({"kind": kind, "lane": 7, "x": [], **GOOD[kind]}, values)
    found = said.checked(message, 5).said
    assert found["kind"] == kind and found["lane"] == 0 and "x" not in found


def test_long_words_are_cut_off() -> None:
    found = said.checked(Message({"kind": "fault", "error": "x" * 9_999}, NONE), 5)
    assert len(found.said["error"]) == 500


@pytest.mark.parametrize(("kind", "words"), HOSTILE)
def test_everything_else_is_refused(kind: str, words: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError, OverflowError)):
        said.checked(Message({"kind": kind, **words}, NONE), 5)


def test_numbers_that_no_words_announce_are_refused() -> None:
    with pytest.raises(ValueError, match="without words"):
        said.checked(Message({"kind": "end"}, np.zeros(3, np.float32)), 5)
