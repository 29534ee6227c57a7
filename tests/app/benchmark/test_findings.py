from __future__ import annotations

import numpy as np
import pytest

from app.benchmark import comparing, findings
from app.benchmark.checked import Checked
from app.benchmark.report import LaneTimes
from models.lanes import REFERENCE, YARDSTICK, Lane, Times

GRAPH, LAYERS = Lane("graph", "tfjs/wasm"), Lane("layers", "tfjs/wasm")


def lane(
    name: Lane, around: float, *, runs: int = 30, wrong: int = 0, **batches: float
) -> LaneTimes:
    """A lane whose times lie evenly within 5 % of ``around``."""
    spread = np.linspace(0.95, 1.05, runs)
    sizes = {
        int(size.removeprefix("of")): tuple(spread * ms * int(size.removeprefix("of")))
        for size, ms in batches.items()
    }
    checked = Checked(150, wrong, 0, 150 - wrong if wrong else None, 0.5 if wrong else 1e-7)
    return LaneTimes(name, Times(70.0, 12.0, tuple(spread * around)), sizes, checked=checked)


def test_the_fastest_lane_for_one_digit_is_named_with_factor_and_certainty() -> None:
    said = findings.fastest_for_one([lane(LAYERS, 0.6), lane(GRAPH, 0.2)])
    assert said is not None
    assert said.startswith(
        "For **one picture**, **graph on wasm** is the fastest with 0.200 ms, "
        "**3.0×** as fast as layers on wasm: beyond the noise (95 % interval "
    )


def test_a_lead_within_the_noise_is_called_that() -> None:
    said = findings.fastest_for_one([lane(LAYERS, 0.2001), lane(GRAPH, 0.2)])
    assert said is not None
    assert said.startswith(
        "For **one picture**, none is the fastest beyond the noise: "
        "**graph on wasm** has 0.200 ms, **layers on wasm** 0.200 ms (95 % interval "
    )


def test_a_few_times_are_no_comparison_however_far_apart() -> None:
    """A large model in plain JavaScript leaves time for one round."""
    lanes = [lane(LAYERS, 313.0, runs=1), lane(GRAPH, 19.0, runs=12)]
    assert findings.fastest_for_one(lanes) == (
        "For **one picture**, **graph on wasm** has 19 ms, **layers on wasm** "
        "297 ms: measured too seldom to compare."
    )
    assert findings.graph_or_layers(lanes) == (
        "**Graph or layers**, for one picture: measured too seldom to compare on wasm."
    )


def test_for_many_each_lane_is_judged_at_its_own_best_batch() -> None:
    graph = lane(GRAPH, 0.2, of1=0.2, of32=0.05, of512=0.1)
    layers = lane(LAYERS, 0.1, of1=0.1, of32=0.2, of512=0.08)
    said = findings.fastest_for_many([layers, graph])
    assert said is not None
    assert said.startswith(
        "For **many**, **graph on wasm** is the fastest with 20,000 pictures/s "
        "in batches of 32, **1.60×** as fast as layers on wasm: beyond the noise"
    )
    assert comparing.images_per_second(graph, 512) == pytest.approx(10_000)
    assert comparing.images_per_second(graph, 8) is None


def test_one_lane_alone_is_the_only_one() -> None:
    said = findings.fastest_for_one([lane(GRAPH, 0.2), LaneTimes(LAYERS, error="No.")])
    assert said is not None and said.endswith("0.200 ms, the only one to compare.")


def test_nothing_measured_says_nothing() -> None:
    nothing = [LaneTimes(GRAPH, error="No."), LaneTimes(LAYERS)]
    assert findings.fastest_for_one(nothing) is None
    assert findings.fastest_for_many(nothing) is None
    assert comparing.formats(nothing, "tfjs/wasm") is None


def test_the_formats_are_compared_on_one_runtime() -> None:
    lanes = [lane(GRAPH, 0.2), lane(LAYERS, 0.3), lane(Lane("layers", "tfjs/cpu"), 9.0)]
    ratio = comparing.formats(lanes, "tfjs/wasm")
    assert ratio is not None and ratio.value == pytest.approx(1.5) and ratio.beyond_noise


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1.00"), (1.944, "1.94"), (2.56, "2.6"), (31.4, "31")]
)
def test_factors_are_short(value: float, text: str) -> None:
    assert findings.factor(value) == text


def test_graph_and_layers_are_compared_on_every_backend_with_the_noise_in_mind() -> None:
    cpu_graph, cpu_layers = Lane("graph", "tfjs/cpu"), Lane("layers", "tfjs/cpu")
    lanes = [lane(GRAPH, 0.2), lane(LAYERS, 0.3), lane(cpu_graph, 5.0), lane(cpu_layers, 5.01)]
    assert findings.graph_or_layers(lanes) == (
        "**Graph or layers**, for one picture: graph is **1.50×** as fast on wasm; "
        "no difference beyond the noise on cpu."
    )
    assert findings.graph_or_layers([lane(GRAPH, 0.2), lane(REFERENCE, 0.5)]) is None


def test_the_yardstick_is_never_the_fastest_but_says_how_far_it_is_ahead() -> None:
    lanes = [
        lane(YARDSTICK, 0.1, of32=0.05),
        lane(REFERENCE, 0.5, of32=0.1),
        lane(GRAPH, 0.2, of32=0.1),
    ]
    said = findings.sentences(lanes)
    assert said[0].startswith("For **one picture**, **graph on wasm** is the fastest")
    assert "litert" not in " ".join(said)
    assert said[-1] == (
        "**The yardstick**, LiteRT on the server's processor, takes 0.100 ms for one picture, 5.0× "
        "as fast as Keras on the server; for many, 2.0× as fast as Keras on the server."
    )
    assert findings.yardstick([lane(REFERENCE, 0.5)]) is None


def test_a_reason_that_two_lanes_share_is_said_once() -> None:
    lanes = [LaneTimes(GRAPH, error="No GPU."), LaneTimes(LAYERS, error="No GPU.")]
    assert findings.problems([*lanes, lane(REFERENCE, 0.5)]) == [
        "**graph on wasm, layers on wasm**: No GPU."
    ]


def right(name: Lane, around: float, *, turns: int) -> LaneTimes:
    """A version that had so many turns of five predictions."""
    times = tuple(around * (1 + turn % 3 / 50) for turn in range(turns) for _ in range(5))
    checked = Checked(6 * turns, worst=0.0)
    return LaneTimes(name, Times(70.0, 12.0, times), turns=(5,) * turns, checked=checked)


def test_a_version_that_answers_wrongly_is_never_the_fastest_and_the_sentence_says_so() -> None:
    lanes = [
        lane(GRAPH, 0.01, wrong=149, of32=0.001),  # right at first
        lane(LAYERS, 0.3, of32=0.1),
        lane(Lane("graph", "tfjs/cpu"), 5.0, of32=4.0),
        lane(Lane("layers", "tfjs/cpu"), 5.0, of32=4.0),
    ]
    first, *others = findings.sentences(lanes)
    assert first == (
        "**graph on wasm** gave a wrong answer in 149 of 150 predictions, first at the 2nd: "
        "it is not ranked."
    )
    assert others[0].startswith("For **one picture**, **layers on wasm** is the fastest")
    assert others[1].startswith("For **many**, **layers on wasm** is the fastest")
    assert "wasm" not in others[2] and "on cpu" in others[2]


@pytest.mark.parametrize(
    ("checked", "says"),
    [
        (Checked(150, 150, 0, 0, 0.9), "gave a wrong answer in all 150 predictions"),
        (Checked(150, 150, 150, 0), "gave NaN in all 150 predictions"),
        (
            Checked(1_500, 1, 1, 1_022, 0.0),
            "gave NaN in 1 of 1,500 predictions, first at the 1,023rd",
        ),
        (
            Checked(150, 139, 0, 11, 0.9),
            "a wrong answer in 139 of 150 predictions, first at the 12th",
        ),
        (
            Checked(150, 9, 3, 20, 0.9),
            "a wrong answer in 9 of 150 predictions, first at the 21st and NaN in 3 of them",
        ),
    ],
)
def test_how_often_and_from_when_on_a_version_was_wrong_is_said(
    checked: Checked, says: str
) -> None:
    wrong = LaneTimes(GRAPH, Times(1.0, 1.0, (0.1,)), checked=checked)
    assert says in findings.sentences([wrong])[0]


def test_where_all_versions_are_wrong_none_is_ranked() -> None:
    wrong = [lane(GRAPH, 0.2, wrong=1, of8=0.1), lane(LAYERS, 0.3, wrong=150, of8=0.1)]
    said = findings.sentences(wrong)
    assert len(said) == 2 and all("it is not ranked" in each for each in said)


def test_a_yardstick_that_is_wrong_is_no_yardstick() -> None:
    assert findings.yardstick([lane(YARDSTICK, 0.1, wrong=3), lane(REFERENCE, 0.5)]) is None


def test_answers_that_nobody_looked_at_are_not_called_right() -> None:
    old = [LaneTimes(GRAPH, Times(1.0, 1.0, (0.1,) * 9)), LaneTimes(LAYERS, error="No.")]
    assert findings.sentences(old)[-1].startswith("The answers were not checked")
    assert findings.unchecked([lane(GRAPH, 0.2), LaneTimes(LAYERS, error="No.")]) is None


def test_a_partial_run_says_after_how_many_rounds_and_claims_nothing_after_few() -> None:
    few = [right(GRAPH, 0.2, turns=5), right(LAYERS, 0.6, turns=7)]
    said = findings.fastest_for_one(few, partial=True)
    assert said is not None
    assert said.startswith("For **one picture**, after 5 rounds, **graph on wasm** has 0.2")
    assert said.endswith("measured too seldom to compare.")
    enough = [right(GRAPH, 0.2, turns=12), right(LAYERS, 0.6, turns=14)]
    said = findings.fastest_for_one(enough, partial=True)
    assert said is not None and ", after 12 rounds, **graph on wasm** is the fastest" in said


def test_a_partial_run_claims_no_lead_that_a_full_one_may_take_back() -> None:
    near = [right(GRAPH, 0.2, turns=12), right(LAYERS, 0.208, turns=12)]
    full = findings.fastest_for_one(near)
    assert full is not None and "**graph on wasm** is the fastest" in full
    said = findings.sentences(near, partial=True)
    assert ", after 12 rounds, none is the fastest beyond the noise" in said[0]
    assert "no difference beyond the noise on wasm" in said[1]


def noisy(ratio: float, seed: int) -> list[LaneTimes]:
    """Thirty rounds of two versions on a machine that drifts and is slow now and then."""
    random = np.random.default_rng(seed)
    drift = np.exp(np.cumsum(random.normal(0, 0.03, 30)))[:, None]
    lanes = []
    for name, base in ((GRAPH, 1.0), (LAYERS, ratio)):
        times = (
            base * drift * np.exp(random.normal(0, 0.1, (30, 1)) + random.normal(0, 0.05, (30, 5)))
        )
        times *= np.where(random.random((30, 1)) < 0.1, 2.0, 1.0)
        flat = tuple(times.ravel().tolist())
        lanes.append(LaneTimes(name, Times(1.0, 1.0, flat), turns=(5,) * 30, checked=Checked(180)))
    return lanes


def cut(lane: LaneTimes, rounds: int) -> LaneTimes:
    """What was known after so many rounds."""
    times = Times(1.0, 1.0, lane.times.steady_ms[: 5 * rounds])
    return LaneTimes(lane.lane, times, turns=(5,) * rounds, checked=Checked(6 * rounds))


def leader(said: str | None) -> str | None:
    """Who is said to be the fastest."""
    before, is_led, _ = (said or "").partition(" is the fastest with")
    return before.split("**")[-2] if is_led else None


def test_a_run_that_is_cut_off_anywhere_names_no_other_leader_than_all_of_it() -> None:
    claims = 0
    for seed in range(25):
        for ratio in (1.0, 1.04, 1.15, 1.5):
            lanes = noisy(ratio, seed)
            whole = leader(findings.fastest_for_one(lanes))
            for rounds in (1, 3, 5, 8, 15, 25):
                part = [cut(each, rounds) for each in lanes]
                named = leader(findings.fastest_for_one(part, partial=True))
                claims += named is not None
                assert named is None or whole in (named, None)
                assert named is None or rounds > 5
    assert claims > 50, "it says something"


def test_times_of_nothing_are_compared_with_nothing() -> None:
    zero = [
        LaneTimes(name, Times(0.0, 0.0, (0.0,) * 9), {8: (0.0,) * 9}) for name in (GRAPH, LAYERS)
    ]
    yardstick = LaneTimes(YARDSTICK, Times(0.0, 0.0, (0.0,) * 9))
    said = findings.sentences([*zero, yardstick, lane(REFERENCE, 0.5)])
    assert "Keras on the server** has" in said[0]
