from __future__ import annotations

import numpy as np
import pytest

from app.benchmark import findings
from app.benchmark.report import LaneTimes
from models.lanes import REFERENCE, YARDSTICK, Lane, Times

GRAPH, LAYERS = Lane("graph", "tfjs/wasm"), Lane("layers", "tfjs/wasm")


def lane(name: Lane, around: float, *, runs: int = 30, **batches: float) -> LaneTimes:
    """A lane whose times lie evenly within 5 % of ``around``."""
    spread = np.linspace(0.95, 1.05, runs)
    sizes = {
        int(size.removeprefix("of")): tuple(spread * ms * int(size.removeprefix("of")))
        for size, ms in batches.items()
    }
    return LaneTimes(name, Times(70.0, 12.0, tuple(spread * around)), sizes)


def test_the_fastest_lane_for_one_digit_is_named_with_factor_and_certainty() -> None:
    said = findings.fastest_for_one([lane(LAYERS, 0.6), lane(GRAPH, 0.2)])
    assert said is not None
    assert said.startswith(
        "For **one image**, **graph @ tfjs/wasm** is the fastest with 0.2 ms, "
        "**3.0×** as fast as layers @ tfjs/wasm: beyond the noise (95 % interval "
    )


def test_a_lead_within_the_noise_is_called_that() -> None:
    said = findings.fastest_for_one([lane(LAYERS, 0.2001), lane(GRAPH, 0.2)])
    assert said is not None
    assert said.startswith(
        "For **one image**, no lane is the fastest beyond the noise: "
        "**graph @ tfjs/wasm** has 0.2 ms, **layers @ tfjs/wasm** 0.2 ms (95 % interval "
    )


def test_a_few_times_are_no_comparison_however_far_apart() -> None:
    """A large model in plain JavaScript leaves time for one round."""
    lanes = [lane(LAYERS, 313.0, runs=1), lane(GRAPH, 19.0, runs=12)]
    assert findings.fastest_for_one(lanes) == (
        "For **one image**, **graph @ tfjs/wasm** has 19 ms, **layers @ tfjs/wasm** "
        "297 ms: measured too seldom to compare."
    )
    assert findings.graph_or_layers(lanes) == (
        "**Graph or layers**, for one image: measured too seldom to compare on wasm."
    )


def test_for_many_each_lane_is_judged_at_its_own_best_batch() -> None:
    graph = lane(GRAPH, 0.2, of1=0.2, of32=0.05, of512=0.1)
    layers = lane(LAYERS, 0.1, of1=0.1, of32=0.2, of512=0.08)
    said = findings.fastest_for_many([layers, graph])
    assert said is not None
    assert said.startswith(
        "For **many**, **graph @ tfjs/wasm** is the fastest with 20,000 images/s "
        "in batches of 32, **1.60×** as fast as layers @ tfjs/wasm: beyond the noise"
    )
    assert findings.images_per_second(graph, 512) == pytest.approx(10_000)
    assert findings.images_per_second(graph, 8) is None


def test_one_lane_alone_is_the_only_one() -> None:
    said = findings.fastest_for_one([lane(GRAPH, 0.2), LaneTimes(LAYERS, error="No.")])
    assert said is not None and said.endswith("0.2 ms, the only lane measured.")


def test_nothing_measured_says_nothing() -> None:
    nothing = [LaneTimes(GRAPH, error="No."), LaneTimes(LAYERS)]
    assert findings.fastest_for_one(nothing) is None
    assert findings.fastest_for_many(nothing) is None
    assert findings.formats(nothing, "tfjs/wasm") is None


def test_the_formats_are_compared_on_one_runtime() -> None:
    lanes = [lane(GRAPH, 0.2), lane(LAYERS, 0.3), lane(Lane("layers", "tfjs/cpu"), 9.0)]
    ratio = findings.formats(lanes, "tfjs/wasm")
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
        "**Graph or layers**, for one image: graph is **1.50×** as fast on wasm; "
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
    assert said[0].startswith("For **one image**, **graph @ tfjs/wasm** is the fastest")
    assert "litert" not in " ".join(said)
    assert said[-1] == (
        "**The yardstick**, LiteRT on the server's processor, takes 0.1 ms for one image, 5.0× as "
        "fast as keras @ tensorflow; for many, 2.0× as fast as keras @ tensorflow."
    )
    assert findings.yardstick([lane(REFERENCE, 0.5)]) is None


def test_a_reason_that_two_lanes_share_is_said_once() -> None:
    lanes = [LaneTimes(GRAPH, error="No GPU."), LaneTimes(LAYERS, error="No GPU.")]
    assert findings.problems([*lanes, lane(REFERENCE, 0.5)]) == [
        "**graph @ tfjs/wasm, layers @ tfjs/wasm**: No GPU."
    ]
