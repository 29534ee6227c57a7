from dataclasses import replace

import numpy as np
import pytest

from models.errors import ModelError
from models.formats import store
from models.lanes import REFERENCE, SERVER_LANES, Lane, LaneResult, Times
from models.parity import judgement, rule
from models.parity.apart import compared, farthest
from models.parity.judgement import ByRule
from models.parity.verdict import verdict
from models.runtimes import probabilities

GRAPH, LAYERS = Lane("graph", "tfjs/wasm"), Lane("layers", "tfjs/wasm")
BOUND = ByRule("softmax", 2.3e-5)


def result(lane, *, digit=7, sure=0.99, shift=0.0, steady=(0.2,)):
    values = np.full(10, (1 - sure) / 9, np.float32)
    values[digit] = sure + shift
    return LaneResult(lane, "id", values, Times(1.0, 2.0, steady))


def five(**changes):
    return [result(lane, **changes) for lane in (*SERVER_LANES, GRAPH, LAYERS)]


def test_five_lanes_that_agree_are_said_to():
    said = verdict(five())
    assert (said.kind, said.headline) == ("agree", "All five lanes read 7.")
    assert "identical" in said.detail


def test_the_largest_difference_and_what_rounding_explains_are_given():
    last = result(LAYERS, shift=3e-6)
    said = verdict([*five()[:4], last], judge=BOUND)
    far = rule.distance([five()[0].probabilities], [last.probabilities], "softmax").largest
    assert said.kind == "agree" and 3e-7 < far < 3e-6
    assert f"They differ by at most {far:.1e}".replace("e-0", "e-") in said.detail
    assert ", and rounding alone explains up to 2.3e-5." in said.detail


def test_the_same_digit_with_other_numbers_is_no_agreement():
    said = verdict([*five()[:4], result(LAYERS, shift=-1e-3)], judge=BOUND)
    assert said.kind == "differ"
    assert said.headline == "All read 7, but not with the same numbers."
    assert said.detail.startswith("layers @ tfjs/wasm differs by at most 1.5e-4, and")
    assert "rounding alone explains no more than 2.3e-5." in said.detail


def test_a_class_that_nobody_would_see_is_judged_by_its_logit():
    """A probability of 1e-9 that should be 2e-9 is within any tolerance, and wrong by half."""
    values = np.full(10, 1e-9, np.float32)
    values[7] = 1
    other = values.copy()
    other[3] = 2e-9
    lanes = [LaneResult(REFERENCE, "id", values), LaneResult(GRAPH, "id", other)]
    assert verdict(lanes).kind == "agree", "by the fixed tolerance"
    assert verdict(lanes, judge=BOUND).kind == "differ"


def test_a_model_without_a_bound_is_judged_by_the_fixed_tolerance_and_that_is_said():
    said = verdict([*five()[:4], result(LAYERS, shift=3e-6)])
    assert said.kind == "agree"
    assert "at most 3e-6, within the fixed tolerance of 1e-5: this model" in said.detail
    said = verdict([*five()[:4], result(LAYERS, shift=-1e-3)])
    assert said.kind == "differ" and "above the fixed tolerance" in said.detail


def test_a_tie_that_rounding_decides_is_no_difference():
    one, other = (np.full(10, 0.05, np.float32) for _ in range(2))
    one[[1, 7]], other[[1, 7]] = 0.3, 0.3
    one[1] += 2**-25
    other[7] += 2**-25
    lanes = [LaneResult(REFERENCE, "id", one), LaneResult(GRAPH, "id", other)]
    assert {each.top for each in lanes} == {1, 7}
    assert verdict(lanes, judge=ByRule("softmax", 1e-6)).kind == "unsure"
    assert verdict(lanes, judge=ByRule("softmax", 1e-9)).kind == "differ"
    sure = [*lanes, result(LAYERS, digit=7)]
    said = verdict(sure[:2] + sure[2:], judge=ByRule("softmax", 1e9))
    assert said.kind == "unsure" and said.headline.startswith("A tie.")


@pytest.mark.parametrize("broken", [[LAYERS], [GRAPH, LAYERS]])
def test_a_lane_that_gives_nan_differs_even_where_nothing_is_sure(broken):
    with pytest.raises(ModelError) as error:
        probabilities.check(np.full((1, 10), np.nan, np.float32))
    nan = [LaneResult(lane, "id", error=str(error.value)) for lane in broken]
    said = verdict([*five(sure=0.3)[:3], *nan], judge=BOUND)
    names = ", ".join(map(str, broken))
    gives = "gives" if len(broken) == 1 else "give"
    assert (said.kind, said.headline) == ("differ", f"{names} {gives} NaN where others read 7.")


def test_a_scribble_on_which_lanes_differ_is_a_difference_first():
    said = verdict([*five(sure=0.3)[:4], result(LAYERS, sure=0.2)], judge=BOUND)
    assert said.kind == "differ"


def test_a_stored_bound_is_what_a_page_judges_by():
    shipped = store.manifest(store.DEFAULT)
    assert shipped.rounding is not None
    assert judgement.stored(shipped) == ByRule("softmax", shipped.rounding.bound)
    assert judgement.stored(replace(shipped, rounding=None)) == judgement.FIXED


def test_a_lane_that_reads_another_digit_is_named():
    said = verdict([*five()[:4], result(LAYERS, digit=1)])
    assert said.kind == "differ"
    assert "layers @ tfjs/wasm read 1" in said.headline
    assert "graph @ tfjs/wasm read 7" in said.headline


def test_a_scribble_that_no_lane_is_sure_of_is_unsure():
    said = verdict(five(sure=0.4))
    assert said.kind == "unsure"
    assert "best guess is 7, at 40 %" in said.headline


def test_one_sure_lane_is_enough_not_to_be_unsure():
    assert verdict([*five(sure=0.4)[:4], result(LAYERS, sure=0.6)]).kind != "unsure"


def test_what_is_still_to_come_is_named():
    said = verdict(five()[:3], waiting=[GRAPH, LAYERS])
    assert (said.kind, said.headline) == ("waiting", "Three lanes so far read 7.")
    assert "Waiting for graph @ tfjs/wasm, layers @ tfjs/wasm." in said.detail


def test_nothing_yet_is_waiting():
    assert verdict([], waiting=[GRAPH]).kind == "waiting"


def test_a_failed_lane_is_named_and_the_others_go_on():
    said = verdict([*five()[:4], LaneResult(LAYERS, "id", error="no such file")])
    assert (said.kind, said.headline) == ("failed", "Four of five lanes read 7.")
    assert "No answer from layers @ tfjs/wasm" in said.detail


def test_all_lanes_failed_is_said():
    said = verdict([LaneResult(GRAPH, "id", error="no")])
    assert (said.kind, said.headline) == ("failed", "No lane could answer.")


def test_the_faster_format_is_the_visitors_own_with_factor_and_backend():
    times = {GRAPH: [0.2] * 20, LAYERS: [0.3] * 19 + [9.0]}
    results = [*five()[:3], *(result(lane, steady=ms) for lane, ms in times.items())]
    assert (
        "In your browser on wasm, graph was 1.50× as fast (0.2 ms against 0.3 ms a digit)."
        in verdict(results).detail
    )
    swapped = [result(GRAPH, steady=times[LAYERS]), result(LAYERS, steady=times[GRAPH])]
    assert "layers was 1.50× as fast (0.2 ms against 0.3 ms a digit)" in verdict(swapped).detail


def test_a_difference_that_chance_explains_is_not_called_faster():
    noisy = np.random.default_rng(1).uniform(0.1, 5.0, 20)
    results = [result(GRAPH, steady=noisy), result(LAYERS, steady=noisy[::-1] * 1.1)]
    said = verdict(results).detail
    assert "both formats are about as fast: graph took" in said
    assert "a difference within the noise." in said


def test_a_few_times_are_too_few_to_call_one_faster():
    results = [result(GRAPH, steady=[0.89, 0.9]), result(LAYERS, steady=[21.0, 20.0])]
    assert (
        "graph took 0.9 ms and layers 21 ms a digit, timed too seldom to compare."
        in verdict(results).detail
    )


def test_without_a_browser_the_servers_times_are_given_and_neither_is_called_faster():
    steady = {"graph": [0.2] * 20, "layers": [0.4] * 20, "keras": [0.3] * 20}
    found = [result(lane, steady=steady[lane.format]) for lane in SERVER_LANES]
    said = verdict(found).detail
    assert said.endswith("On the server, graph took 0.2 ms and layers 0.4 ms a digit.")


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
