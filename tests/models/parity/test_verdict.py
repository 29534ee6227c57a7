"""What the Draw page says of one picture: agreement first, doubt second, then the figures."""

from dataclasses import replace

import numpy as np
import pytest

from models.errors import ModelError
from models.formats import store
from models.lanes import REFERENCE, SERVER_LANES, Lane, LaneResult, Times
from models.parity import judgement, rule
from models.parity.apart import compared, farthest
from models.parity.figures import plain
from models.parity.judgement import ByRule
from models.parity.verdict import verdict
from models.runtimes import probabilities

GRAPH, LAYERS = Lane("graph", "tfjs/wasm"), Lane("layers", "tfjs/wasm")
ALL = (*SERVER_LANES, GRAPH, LAYERS)
BOUND = ByRule("softmax", 2.3e-5)


def result(lane, *, digit=7, sure=0.99, shift=0.0, steady=(0.2,)):
    values = np.full(10, (1 - sure) / 9, np.float32)
    values[digit] = sure + shift
    return LaneResult(lane, "id", values, Times(1.0, 2.0, steady))


def five(**changes):
    return [result(lane, **changes) for lane in ALL]


def failed(lane):
    return LaneResult(lane, "id", error="no such file")


def nan(lane):
    with pytest.raises(ModelError) as error:
        probabilities.check(np.full((1, 10), np.nan, np.float32))
    return LaneResult(lane, "id", error=str(error.value))


def said(results, **options):
    return verdict(results, **({"judge": BOUND} | options))


def test_five_that_agree_are_a_yes():
    found = said(five())
    assert (found.kind, found.headline) == ("agree", "Yes. All five read 7.")
    assert found.detail == "Their answers do not differ."


def test_the_largest_difference_and_what_rounding_explains_are_given_without_exponents():
    last = result(LAYERS, shift=3e-6)
    found = said([*five()[:4], last])
    far = rule.distance([five()[0].probabilities], [last.probabilities], "softmax").largest
    assert found.kind == "agree" and 3e-7 < far < 3e-6
    assert found.detail == (
        f"They differ by at most {plain(far)}. Rounding alone explains up to 0.000023."
    )


def test_classes_that_are_words_are_read_as_words():
    classes = [
        f"a {word}"
        for word in ["cat", "dog", "cow", "pig", "hen", "fox", "owl", "bee", "ant", "rat"]
    ]
    assert said(five(), classes=classes).headline == "Yes. All five read a bee."


def test_a_version_that_reads_something_else_is_named_with_where_and_what_to_ship():
    found = said([*five()[:3], result(GRAPH, digit=1), five()[4]])
    assert found.kind == "differ"
    assert (
        found.headline == "No: the graph model in your browser reads 1 where the original reads 7."
    )
    assert found.detail == (
        "It differs by up to 2. Rounding alone explains no more than 0.000023. "
        "Ship the layers model."
    )


def test_a_format_that_is_wrong_everywhere_is_named_once():
    wrong = {SERVER_LANES[1], GRAPH}
    found = said([result(lane, digit=1 if lane in wrong else 7) for lane in ALL])
    assert found.headline == (
        "No: the graph model on the server and in your browser reads 1 where the original reads 7."
    )
    assert "They differ by" in found.detail


def test_two_formats_that_are_wrong_in_two_ways_are_both_named_and_neither_is_shipped():
    found = said([*five()[:3], result(GRAPH, digit=3), result(LAYERS, digit=1)])
    assert found.headline == (
        "No: the graph model in your browser reads 3 and the layers model in your browser reads 1 "
        "where the original reads 7."
    )
    assert found.detail.endswith("Ship neither.")


def test_only_on_the_server_a_difference_says_nothing_of_what_to_ship():
    found = said([five()[0], result(SERVER_LANES[1], digit=1), *five()[2:]])
    assert found.kind == "differ" and "Ship" not in found.detail


def test_the_same_class_with_other_numbers_is_no_agreement():
    found = said([*five()[:4], result(LAYERS, shift=-1e-3)])
    assert found.kind == "differ"
    assert found.headline == (
        "No: the layers model in your browser reads 7 too, but with other numbers."
    )
    assert found.detail == (
        "It differs by up to 0.00015. Rounding alone explains no more than 0.000023. "
        "Ship the graph model."
    )


def test_a_class_that_nobody_would_see_is_judged_by_its_logit():
    """A probability of 1e-9 that should be 2e-9 is within any tolerance, and wrong by half."""
    values = np.full(10, 1e-9, np.float32)
    values[7] = 1
    other = values.copy()
    other[3] = 2e-9
    lanes = [LaneResult(REFERENCE, "id", values), LaneResult(GRAPH, "id", other)]
    assert verdict(lanes).kind == "agree", "by the fixed tolerance"
    assert said(lanes).kind == "differ"


def test_a_model_without_a_bound_is_judged_by_the_fixed_tolerance_and_that_is_said():
    found = verdict([*five()[:4], result(LAYERS, shift=3e-6)])
    assert found.kind == "agree"
    assert "at most 0.000003, within the fixed tolerance of 0.00001: this model" in found.detail
    found = verdict([*five()[:4], result(LAYERS, shift=-1e-3)])
    assert found.kind == "differ" and "above the fixed tolerance" in found.detail


def test_a_tie_that_rounding_decides_is_agreement_first():
    one, other = (np.full(10, 0.05, np.float32) for _ in range(2))
    one[[1, 7]], other[[1, 7]] = 0.3, 0.3
    one[1] += 2**-25
    other[7] += 2**-25
    lanes = [LaneResult(lane, "id", one) for lane in ALL[:4]] + [LaneResult(LAYERS, "id", other)]
    assert {each.top for each in lanes} == {1, 7}
    found = said(lanes)
    assert found.kind == "unsure"
    assert found.headline == "Yes. All five agree on a tie: 1 or 7, 30 % each."
    assert said(lanes, judge=ByRule("softmax", 1e-9)).kind == "differ"


def test_when_nothing_is_sure_agreement_is_said_first():
    found = said(five(sure=0.31))
    assert found.kind == "unsure"
    assert found.headline == ("Yes. All five agree; none is sure what this is: best guess 7, 31 %.")


def test_one_that_is_sure_is_enough_not_to_be_unsure():
    loose = ByRule("softmax", 0.9)
    assert said([*five(sure=0.4)[:4], result(LAYERS, sure=0.6)], judge=loose).kind == "agree"


def test_a_bound_above_1_is_no_yes():
    found = said([*five()[:4], result(LAYERS, shift=-0.1)], judge=ByRule("softmax", 1.7))
    assert found.kind == "unsure"
    assert found.headline == "All five read 7, but this model rounds too coarsely to tell more."
    assert found.detail.endswith("Rounding alone explains up to 1.7.")


@pytest.mark.parametrize("broken", [[LAYERS], [GRAPH, LAYERS]])
def test_nan_differs_even_where_nothing_is_sure(broken):
    others = [each for each in five(sure=0.3) if each.lane not in broken]
    found = said([*others, *map(nan, broken)])
    names = "layers model" if len(broken) == 1 else "graph and layers models"
    gives = "gives" if len(broken) == 1 else "give"
    assert found.kind == "differ"
    assert found.headline == f"No: the {names} in your browser {gives} NaN where the others read 7."
    ship = "Ship the graph model." if len(broken) == 1 else "Ship neither."
    assert found.detail == f"NaN is no rounding. {ship}"


def test_nan_of_the_original_is_named_and_nothing_is_shipped_by_it():
    found = said([nan(REFERENCE), *five()[1:]])
    assert found.headline == "No: the original gives NaN where the others read 7."
    assert "Ship" not in found.detail


def test_nan_of_all_is_no_answer():
    found = said([nan(lane) for lane in ALL])
    assert (found.kind, found.headline) == ("failed", "Every version gives NaN.")


def test_a_scribble_on_which_versions_differ_is_a_difference_first():
    found = said([*five(sure=0.3)[:4], result(LAYERS, sure=0.2)])
    assert found.kind == "differ"


def test_while_tensorflow_loads_that_is_said():
    found = said(five()[3:], waiting=SERVER_LANES)
    assert (found.kind, found.headline) == ("waiting", "Two of five so far read 7.")
    assert found.detail.endswith("TensorFlow is still loading on the server.")


def test_while_the_browser_loads_that_is_said():
    found = said(five()[:3], waiting=[GRAPH, LAYERS])
    assert (found.kind, found.headline) == ("waiting", "Three of five so far read 7.")
    assert found.detail.endswith("TensorFlow.js is still loading in your browser.")


def test_one_that_is_late_is_named():
    found = said([five()[0], *five()[3:]], waiting=SERVER_LANES[1:])
    assert found.detail.endswith("Still waiting for the graph and layers models on the server.")
    assert said([five()[3]], waiting=[LAYERS]).headline == "One of two so far reads 7."


def test_a_difference_is_said_before_the_original_answers_and_nothing_is_shipped_by_it():
    found = said([result(GRAPH), result(LAYERS, digit=1)], waiting=SERVER_LANES)
    assert found.kind == "differ"
    assert found.headline == (
        "No: the layers model in your browser reads 1 "
        "where the graph model in your browser reads 7."
    )
    assert "Ship" not in found.detail


@pytest.mark.parametrize("thing", ["digit", "picture"])
def test_nothing_yet_is_waiting(thing):
    found = said([], waiting=ALL, thing=thing)
    assert (found.kind, found.headline) == ("waiting", f"Reading your {thing} …")


def test_a_failed_version_is_named_and_the_others_go_on():
    found = said([*five()[:4], failed(LAYERS)])
    assert (found.kind, found.headline) == ("failed", "Four of five read 7.")
    assert found.detail.endswith(
        "No answer from the layers model in your browser: its row says why."
    )


def test_a_failed_original_is_no_yes():
    found = said([failed(REFERENCE), *five()[1:]])
    assert (found.kind, found.headline) == ("failed", "Four of five read 7.")
    assert "No answer from the original: its row says why." in found.detail


def test_all_failed_is_said():
    found = said(list(map(failed, ALL)))
    assert (found.kind, found.headline) == ("failed", "No version could answer.")


def test_a_model_of_one_format_is_answered_for_too():
    found = said([result(each) for each in (*SERVER_LANES[:2], GRAPH)])
    assert found.headline == "Yes. All three read 7."


def test_without_an_original_agreement_is_no_yes():
    own = SERVER_LANES[2]
    both = said([result(own), result(LAYERS)], reference=own)
    assert (both.kind, both.headline) == ("agree", "Both read 7.")
    alone = "There is no original here: this compares one conversion in two places."
    assert both.detail.endswith(alone)
    two = said([result(own), result(GRAPH), result(LAYERS)], reference=own)
    assert two.detail.endswith("this compares its conversions with each other.")


@pytest.mark.parametrize(
    "results",
    [five(), five(sure=0.3), five()[:3], [*five()[:4], failed(LAYERS)], [failed(GRAPH)]],
)
def test_no_sentence_has_the_words_of_the_command_line(results):
    waiting = [lane for lane in ALL if lane not in {each.lane for each in results}]
    found = said(results, waiting=waiting)
    words = f"{found.headline} {found.detail}".lower()
    assert not any(word in words for word in ("lane", "steady", " first", " part", "@"))


def test_a_stored_bound_is_what_a_page_judges_by():
    shipped = store.manifest(store.DEFAULT)
    assert shipped.rounding is not None
    assert judgement.stored(shipped) == ByRule("softmax", shipped.rounding.bound)
    assert judgement.stored(replace(shipped, rounding=None)) == judgement.FIXED


def test_the_difference_is_from_the_reference():
    def far(results):
        return farthest(compared(results, REFERENCE, judgement.FIXED))

    shifted = [result(lane, shift=shift) for lane, shift in ((GRAPH, 2e-3), (LAYERS, -2e-3))]
    assert far([*shifted, result(REFERENCE)]) == pytest.approx(2e-3, rel=1e-4)
    assert far(shifted) == pytest.approx(4e-3, rel=1e-4)
    assert far([result(GRAPH)]) is None and far([]) is None


def test_a_model_without_keras_is_judged_by_its_own_reference():
    first, own = result(GRAPH, shift=8e-6), result(Lane("layers", "tensorflow"))
    last = result(Lane("graph", "tensorflow"), shift=-8e-6)
    assert verdict([first, own, last], reference=own.lane).kind == "agree"
    assert verdict([first, own, last], reference=first.lane).kind == "differ"


def test_what_is_no_number_never_agrees():
    nothing = LaneResult(LAYERS, "id", np.full(10, np.nan, np.float32))
    zeros = [result(REFERENCE, digit=0), result(GRAPH, digit=0)]
    for results in ([*zeros, nothing], [nothing, *zeros]):
        for judge in (judgement.FIXED, BOUND):
            assert verdict(results, judge=judge).kind == "differ"
