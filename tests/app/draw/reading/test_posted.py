"""The browser's answers are untrusted input: one shape is accepted, everything else refused."""

from __future__ import annotations

import copy
import json
import math
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.draw.reading import posted
from app.frontend import lane_wire
from models.digit.digit import from_levels
from models.errors import InputError
from models.formats import store
from models.formats.model_input import Input
from models.formats.tensors import Tensor

DIGIT = from_levels(bytes(range(256)) * 3 + bytes(16))
LANE = {
    "format": "graph",
    "probabilities": [0.05] * 9 + [0.55],
    "loadMs": 12,
    "firstMs": 3.5,
    "steadyMs": [1.0, 1.1],
    "error": None,
}
ANSWERS = {
    "digit": lane_wire.wire(DIGIT),
    "asked": "auto",
    "backend": "wasm",
    "fallback": None,
    "lanes": [LANE, LANE | {"format": "layers"}],
    "environment": {"browser": "a browser", "cores": "2"},
    "wanted": [3, 9],
}
REMOVED = object()
MNIST = store.manifest("mnist")
COLOUR = replace(MNIST, input=Input((4, 4, 3), framing="none"))


def changed(*place: str | int, value: object) -> dict:
    """The answers with another value at this place, or without it."""
    answers = copy.deepcopy(ANSWERS)
    inner = answers
    for step in place[:-1]:
        inner = inner[step]
    if value is REMOVED:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return answers


def test_answers_of_the_right_shape_are_read():
    answers = posted.parse(ANSWERS, MNIST)
    assert answers.digit.id == DIGIT.id
    assert [str(each.lane) for each in answers.results] == [
        "graph @ tfjs/wasm",
        "layers @ tfjs/wasm",
    ]
    assert [each.top for each in answers.results] == [9, 9]
    assert answers.results[0].probabilities.dtype == np.float32
    assert answers.results[0].times.steady_ms == (1.0, 1.1)
    assert answers.environment == {"browser": "a browser", "cores": "2"}


def test_while_the_browser_still_loads_there_are_no_answers_yet():
    assert posted.parse(changed("lanes", value=None), MNIST).results == ()


def test_the_most_that_is_read_leaves_room_for_the_picture_and_every_class():
    many = replace(COLOUR, classes=tuple(map(str, range(21_000))))
    raw = copy.deepcopy(ANSWERS)
    raw["digit"] = lane_wire.wire(from_levels(bytes(48), (4, 4, 3)))
    for lane in raw["lanes"]:
        lane["probabilities"] = [1 / 3e4] * 21_000
        lane["steadyMs"] = [1 / 3] * 200
    assert len(json.dumps(raw)) < posted.largest(many) < 2_000_000
    assert posted.parse(raw, many).results[0].top == 0


def test_a_picture_has_as_many_levels_as_its_model_takes():
    picture = from_levels(bytes(range(48)), (4, 4, 3))
    answers = posted.parse(changed("digit", value=lane_wire.wire(picture)), COLOUR)
    assert answers.digit.id == picture.id
    with pytest.raises(InputError):
        posted.parse(ANSWERS, COLOUR)  # a digit


def test_logits_are_shown_as_probabilities_and_judged_as_they_are():
    logits = [-3.5, 2.0, *[0.0] * 8]
    raw = changed("lanes", 0, "probabilities", value=logits)
    result = posted.parse(raw, replace(MNIST, answers="logits")).results[0]
    assert result.probabilities is not None and result.judged is not None
    assert result.probabilities.sum() == pytest.approx(1) and result.top == 1
    assert result.judged.tolist() == logits
    with pytest.raises(InputError):
        posted.parse(raw, MNIST)


def test_one_sigmoid_is_shown_as_two_classes():
    manifest = replace(
        MNIST, answers="sigmoid", classes=("cat", "dog"), outputs=(Tensor("y", (1,)),)
    )
    raw = changed("wanted", value=[1])
    for lane in raw["lanes"]:
        lane["probabilities"] = [0.75]
    result = posted.parse(raw, manifest).results[0]
    assert result.probabilities is not None and result.judged is not None
    assert (result.probabilities.tolist(), result.judged.tolist()) == ([0.25, 0.75], [0.75])


def test_a_model_of_one_format_has_one_lane():
    alone = replace(MNIST, lanes={"layers": "model_layers/model.json"})
    raw = changed("lanes", value=[LANE | {"format": "layers"}])
    assert [str(each.lane) for each in posted.parse(raw, alone).results] == ["layers @ tfjs/wasm"]
    with pytest.raises(InputError):
        posted.parse(ANSWERS, alone)


def test_a_lane_that_failed_is_read_with_its_reason():
    failed = LANE | {"probabilities": None, "error": "no memory", "loadMs": None}
    answers = posted.parse(changed("lanes", 0, value=failed), MNIST)
    assert answers.results[0].error == "no memory"
    assert answers.results[0].probabilities is None
    assert answers.results[1].top == 9


@pytest.mark.parametrize("name", list(ANSWERS))
def test_a_missing_part_is_refused(name):
    with pytest.raises(InputError, match="cannot be read"):
        posted.parse(changed(name, value=REMOVED), MNIST)


@pytest.mark.parametrize("name", list(LANE))
def test_a_missing_part_of_a_lane_is_refused(name):
    with pytest.raises(InputError, match="cannot be read"):
        posted.parse(changed("lanes", 0, name, value=REMOVED), MNIST)


@pytest.mark.parametrize(
    "probabilities",
    [
        [],
        [0.1] * 9,
        [0.1] * 11,
        [[0.1] * 10],
        [0.0] * 100_000,
        [math.nan] + [0.0] * 9,
        [math.inf] + [0.0] * 9,
        [-0.1] + [0.0] * 9,
        [1.5] + [0.0] * 9,
        [10**400] + [0] * 9,
        ["0.1"] * 10,
        [True] + [0.0] * 9,
        [None] * 10,
        "0123456789",
        {str(each): 0.1 for each in range(10)},
        None,
        0.1,
    ],
)
def test_invalid_probabilities_are_refused(probabilities):
    with pytest.raises(InputError, match="Reload the page"):
        posted.parse(changed("lanes", 1, "probabilities", value=probabilities), MNIST)


@pytest.mark.parametrize("name", ["loadMs", "firstMs"])
@pytest.mark.parametrize("time", [-1, math.nan, math.inf, "3", True, None, [1], 10**400])
def test_an_invalid_time_is_refused(name, time):
    with pytest.raises(InputError):
        posted.parse(changed("lanes", 0, name, value=time), MNIST)


@pytest.mark.parametrize("times", [[1.0] * 1_001, [math.nan], [-1], ["1"], 3, None, {"a": 1}])
def test_invalid_steady_times_are_refused(times):
    with pytest.raises(InputError):
        posted.parse(changed("lanes", 0, "steadyMs", value=times), MNIST)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("digit",), 7),
        (("digit",), None),
        (("digit",), ""),
        (("digit",), "0123456789abcdeg"),
        (("digit",), lane_wire.wire(DIGIT)[:-4]),
        (("digit",), lane_wire.wire(DIGIT) + "AAAA"),
        (("digit",), "?" * 1_048),
        (("digit",), "A" * 10_000_000),
        (("backend",), "quantum"),
        (("backend",), ["wasm"]),
        (("backend",), None),  # and yet there are answers
        (("lanes",), []),
        (("lanes",), [LANE]),
        (("lanes",), [LANE, LANE]),
        (("lanes",), [LANE] * 100_000),
        (("lanes",), {"0": LANE, "1": LANE}),
        (("lanes", 0), None),
        (("lanes", 0), "graph"),
        (("lanes", 0, "format"), "keras"),
        (("lanes", 0, "format"), {}),
        (("lanes", 0, "error"), 404),
        (("fallback",), 1),
        (("environment",), {str(each): "x" for each in range(33)}),
        (("environment",), {"cores": 2}),
        (("environment",), ["a"]),
        (("environment",), None),
        (("asked",), "abacus"),
        (("asked",), None),
        (("wanted",), [10]),
        (("wanted",), [-1]),
        (("wanted",), [True]),
        (("wanted",), ["3"]),
        (("wanted",), [1] * 21),
        (("wanted",), 3),
    ],
)
def test_a_wrong_part_is_refused(place, value):
    with pytest.raises(InputError):
        posted.parse(changed(*place, value=value), MNIST)


def test_long_texts_are_cut_and_never_fill_the_page():
    long = "x" * 1_000_000
    answers = posted.parse(changed("environment", value={"browser": long}), MNIST)
    assert len(answers.environment["browser"]) == 500
    answers = posted.parse(changed("lanes", 0, "error", value=long), MNIST)
    assert len(answers.results[0].error or "") == 500


def test_a_refusal_is_short_whatever_was_sent():
    with pytest.raises(InputError) as refusal:
        posted.parse(changed("lanes", 0, "format", value="x" * 1_000_000), MNIST)
    assert len(str(refusal.value)) < 700


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(JSON)
def test_any_other_json_is_refused(raw):
    with pytest.raises(InputError):
        posted.parse(raw, MNIST)


@given(st.sampled_from(sorted(ANSWERS)), JSON)
def test_any_other_part_is_refused_or_harmless(name, value):
    try:
        answers = posted.parse(changed(name, value=value), MNIST)
    except InputError:
        return
    for result in answers.results:
        assert result.probabilities is None or np.isfinite(result.probabilities).all()


@pytest.mark.parametrize(
    "stroke",
    [
        ["a" * 100_000, *[""] * 3_999],  # NumPy would give each text the room of the longest
        [["a" * 100_000, 1.0], *[[1.0, 1.0]] * 3_000],
        [[True, 1.0]],
        [[1.0, None]],
        [[]],
        [],
    ],
    ids=["texts", "a text", "truth", "nothing", "no point", "empty"],
)
def test_a_stroke_of_anything_but_points_is_refused_at_once(stroke):
    tracemalloc.start()
    with pytest.raises(InputError):
        posted.parse(changed("strokes", value=[stroke]), MNIST)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10_000_000
