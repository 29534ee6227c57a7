"""What the files' numbers say of a lane, and in which words."""

from __future__ import annotations

from dataclasses import replace

from models.formats.anatomy.numbers import Numbers
from models.formats.anatomy.weight_comparison import Stored
from models.lanes import Lane
from models.parity import file_numbers
from models.parity.advice.recommendation import recommend
from models.parity.judgement import Judgement

LANE = Lane("layers", "tfjs/wasm")
PASSED = Judgement(LANE, "passed", None, 2.1e-7, 3e-6, 1.0, (0, 0))
ONE = Stored(
    "conv2", ("conv2/kernel",), "conv2/kernel", "as it is", 1e-4, 0.5, (0,), 1e-3, 1, 18432
)
FAULTY = Numbers("layers", "keras", ("out/bias",), (ONE,))
SAME = Numbers("layers", "keras", ("conv2/kernel", "out/bias"))


def test_a_lane_whose_answers_pass_differs_by_its_numbers():
    judged = file_numbers.judged(PASSED, [FAULTY], 1e-7)
    assert (judged.kind, judged.by) == ("differs", "numbers")
    assert judged.reason == (
        "conv2/kernel differs by 0.1 % in 1 of 18,432 numbers. The answers cannot tell it from "
        "rounding: they are 2.1 times the reference's own distance from exact, and 30 times may "
        "be rounding."
    )
    assert judged.distance == PASSED.distance
    advice = recommend([judged]).sentence
    assert advice == "Ship neither format. The layers model holds other numbers than the reference."


def test_where_answers_cannot_be_judged_other_numbers_still_tell():
    unjudged = replace(PASSED, kind="cannot be judged", reason="why", bound=2.2)
    assert file_numbers.judged(unjudged, [FAULTY], 0.07).by == "numbers"
    assert file_numbers.judged(unjudged, [SAME], 0.07) is unjudged


def test_the_same_numbers_another_format_or_quantised_weights_change_no_judgement():
    quantised = Judgement(Lane("layers", "tfjs/wasm", "float16"), "passed", None, 1e-7, 1e-6)
    other = Judgement(Lane("graph", "tfjs/wasm"), "passed", None, 1e-7, 1e-6)
    assert file_numbers.judged(PASSED, [SAME], 1e-7) is PASSED
    assert file_numbers.judged(PASSED, [], 1e-7) is PASSED
    for each in (quantised, other):
        assert file_numbers.judged(each, [FAULTY], 1e-7) is each


def test_what_the_answers_tell_keeps_their_reason():
    differs = Judgement(LANE, "differs", "It is 0.1 off", 0.1, 1e-6)
    assert file_numbers.judged(differs, [FAULTY], 1e-7) is differs


def test_same_is_said_of_what_was_compared_and_of_nothing_else():
    graph = Numbers("graph", "keras", SAME.same)
    assert file_numbers.sentences([graph, SAME]) == [
        "The files' numbers: all 2 arrays of both formats are the original's."
    ]
    lost = Numbers("graph", "keras", SAME.same[:1], missing=("out/bias",))
    assert file_numbers.sentences([lost, SAME]) == [
        "The files' numbers, graph: 1 of 2 arrays are the original's. Not compared: 1 array "
        "(out/bias).",
        "The files' numbers, layers: all 2 arrays are the original's.",
    ]
    unread = Numbers("graph", "keras", problem="since the file is cut")
    assert file_numbers.sentences([unread]) == [
        "The files' numbers, graph: not compared, since the file is cut."
    ]


def test_a_setting_and_float16_are_named():
    halved = Stored("d", ("d/kernel",), "d", "as it is", 1e-4, 1.0, (0,), 4e-4, 99, 100, True, True)
    found = Numbers("layers", "keras", (), (halved,), (), ("epsilon of n: 0.001, not 0.0011",))
    assert file_numbers.difference(found) == (
        "epsilon of n: 0.001, not 0.0011; d/kernel differs by up to 0.04 % in 99 of 100 numbers, "
        "as rounding to float16 does."
    )
