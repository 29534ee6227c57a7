"""What the browser says it found is checked, and judged here."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.inspect.picture.hunt import found as hunt_found
from app.inspect.picture.hunt import words
from models.errors import InputError
from models.formats import store
from models.formats.model_output import AnswerKind
from models.parity.judgement import ByRule
from models.parity.rule import Head
from models.verify.hunt.measure import Measure
from tests.app.draw.canvas.test_digit_from_strokes import node

REAL = np.full((3, 28, 28), 100, np.uint8)
ONE = np.full(10, 0.05, np.float32)
ONE[4] = 0.55


def text(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode()


def report(
    picture: np.ndarray = REAL[1], other: np.ndarray = ONE, one: np.ndarray = ONE, **changes: Any
) -> dict[str, Any]:
    found = {"levels": text(picture), "origin": 1, "answers": [text(one), text(other)]}
    sent = {"backend": "wasm", "steps": 3, "asked": 192, "ms": 900.0, "error": None}
    return sent | {"found": [found | changes]}


def parse(raw: Any, weights: Any = "float32") -> hunt_found.Ended:
    return hunt_found.parse(raw, REAL, store.manifest("mnist"), weights, 10)


def said(raw: Any, weights: Any = "float32") -> str:
    found = parse(raw, weights).found
    return " ".join(words.sentences(found, store.manifest("mnist").classes))


def moved(other: np.ndarray, by: float, place: int = 0) -> np.ndarray:
    changed = other.copy()
    changed[place] += np.float32(by)
    return changed


NINE = moved(moved(ONE, -0.5, 4), 0.5, 9)


def test_what_rounding_explains_is_nothing_found() -> None:
    assert "rounding alone explains up to" in said(report(other=moved(ONE, 1e-8)))
    assert said(report()).endswith("nothing found.")


def test_more_than_rounding_is_said_with_both_figures() -> None:
    assert said(report(other=moved(ONE, 1e-3))).startswith("They differ by 0.0")
    assert "on purpose" not in said(report(other=moved(ONE, 1e-3)))
    assert words.ON_PURPOSE in said(report(other=moved(ONE, 1e-3)), "uint8")


def test_a_changed_class_is_said_first() -> None:
    assert said(report(other=NINE)).startswith("The graph model reads 4, the layers model 9. They")


def test_nan_is_no_rounding() -> None:
    nan = moved(ONE, math.nan)
    for each in (report(other=nan), report(one=nan), report(one=nan, other=nan)):
        assert "gives NaN" in said(each)


def test_the_distance_from_the_real_picture_is_measured_here() -> None:
    levels = REAL[1].copy()
    levels[0, 0] += 51
    ended = parse(report(levels))
    assert ended.found[0].linf == pytest.approx(0.2)
    assert ended.found[0].rms == pytest.approx(0.2 / 28)
    assert words.how(ended, 5) == (
        "Seed 5: 192 pictures asked in 1 s on wasm. The one that was found is at most 20.0 % of "
        "the range from the real one in any value, and 0.7 % in the root of the mean square."
    )


def test_of_two_pictures_one_is_read_differently_and_one_is_farthest() -> None:
    changed, far = report(other=NINE), report(other=moved(ONE, 1e-3))
    ended = parse(changed | {"found": changed["found"] + far["found"]})
    one, two = ended.found
    sentences = list(words.sentences(ended.found, store.manifest("mnist").classes))
    assert sentences[0] == "The graph model reads 4, the layers model 9."
    assert two.distance < one.distance
    assert sentences[1].startswith("They differ by 2,"), "of the one that is farthest apart"
    captions = [words.caption(each, ended.found) for each in ended.found]
    assert captions == ["Read differently", "Farthest apart of those read alike"]


def test_a_search_may_end_without_a_picture_or_with_the_reason() -> None:
    nothing = report() | {"found": [], "backend": None}
    assert parse(nothing).found == ()
    assert parse(nothing | {"error": "x" * 9_999}).error == "x" * 500


FAR = REAL[1].copy()
FAR[0, 0] += 80
SPREAD = REAL[1] + np.uint8(30)
HOSTILE: list[Callable[[], Any]] = [
    lambda: None,
    lambda: [],
    lambda: report() | {"backend": "abacus"},
    lambda: report() | {"backend": None},
    lambda: report() | {"asked": -1},
    lambda: report() | {"asked": 1e400},
    lambda: report() | {"ms": "1"},
    lambda: report() | {"ms": math.nan},
    lambda: report() | {"error": 7},
    lambda: report() | {"found": "x"},
    lambda: report() | {"found": {}},
    lambda: report() | {"found": None},
    lambda: report() | {"found": ["x"]},
    lambda: report() | {"found": report()["found"] * 3},
    lambda: report(FAR),
    lambda: report(SPREAD),
    lambda: report(origin=3),
    lambda: report(origin=-1),
    lambda: report(origin=True),
    lambda: report(levels="A" * 50_000_000),
    lambda: report(levels="*" * 1_000),
    lambda: report(levels=text(REAL[1])[:-4]),
    lambda: report(levels=["A"]),
    lambda: report(answers=[text(ONE)] * 3),
    lambda: report(answers=[text(ONE)]),
    lambda: report(answers=[text(ONE), text(ONE[:9])]),
    lambda: report(answers={"0": text(ONE)}),
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_anything_else_is_refused_with_a_sentence(hostile: Callable[[], Any]) -> None:
    with pytest.raises(InputError, match=r"a picture that cannot be read.*Reload the page\.$"):
        parse(hostile())


NEAR = np.random.default_rng(0).dirichlet(np.ones(4), 6).astype(np.float32)
SURE = np.float32([[1, 0, 0, 0], [0.5, 0.5, 0, 0], [1e-31, 1, 0, 0]])
CASES: list[tuple[Head, float | None, AnswerKind, np.ndarray]] = [
    ("softmax", None, "probabilities", NEAR),
    ("softmax", None, "probabilities", SURE),
    ("values", 2.5, "logits", 7 * NEAR - 3),
    ("values", None, "values", 7 * NEAR - 3),
    ("values", 1.0, "sigmoid", NEAR),
    ("values", 1.0, "sigmoid", NEAR[:, :1]),
]


@pytest.mark.parametrize(("head", "scale", "kind", "answers"), CASES)
def test_the_browser_climbs_by_the_measure_of_the_command(
    head: Head, scale: float | None, kind: AnswerKind, answers: np.ndarray
) -> None:
    other = answers[::-1]
    measure = Measure([ByRule(head, 1e-5, scale)], kind)
    pairs = np.stack([answers, other], axis=1)
    ours = [measure.scored((one[None],), (two[None],)) for one, two in pairs]
    judge = {"row": answers.shape[1], "head": head, "scale": scale, "answers": kind}
    theirs = node(
        "inspect/picture/hunt/score.js",
        "score",
        "given.pairs.map(([one, other]) => score(given.judge, Float32Array.from(one),"
        " Float32Array.from(other))).map(({apart, flips}) => [apart, flips].map(String))",
        {"judge": judge, "pairs": pairs.tolist()},
    )
    found = np.array(json.loads(json.dumps(theirs).replace("Infinity", "inf")), np.float64)
    expected = np.array([[each.distance[0], each.flips[0]] for each in ours])
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-7)
