"""Which format to ship: from made-up judgements."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from models.lanes import Lane
from models.parity.advice.recommendation import UNMADE, Recommendation, recommend
from models.parity.judgement import Judgement

LOADING = "The layers model (model_layers/model.json) could not be loaded: "


def passed(form, backend="wasm", ms=1.0):
    return Judgement(
        Lane(form, f"tfjs/{backend}"), "passed", None, 1e-6, 1e-5, 1.0, (0, 0), None, ms / 10, 100
    )


def differs(form, backend="wasm", distance=0.31):
    return Judgement(Lane(form, f"tfjs/{backend}"), "differs", "off", distance, 1e-5, 0.5, (0, 0))


def unable(form, reason, backend="wasm"):
    return Judgement(Lane(form, f"tfjs/{backend}"), "cannot run", reason)


def test_nothing_is_recommended_of_answers_that_cannot_be_judged():
    sensitive = [
        Judgement(Lane(form, "tfjs/wasm"), "cannot be judged", "why", 0.1, 2.2, 1.0, (0, 0))
        for form in ("graph", "layers")
    ]
    nothing = "Nothing is recommended: the answers cannot be judged."
    assert recommend(sensitive) == Recommendation(None, None, nothing)
    other = recommend([sensitive[0], unable("layers", f"{LOADING}Unknown layer: X.")]).sentence
    assert (
        other == f"{nothing} The layers model cannot be loaded by TensorFlow.js: it has no layer X."
    )


@pytest.mark.parametrize(
    "judgements, expected",
    [
        (
            [
                passed("graph"),
                unable("layers", LOADING + "Unknown layer: Attention. This may be due to …\nMore"),
            ],
            "Ship graph. The layers model cannot be loaded by TensorFlow.js: it has no layer "
            "Attention.",
        ),
        (
            [passed("layers"), differs("graph", distance=math.nan)],
            "Ship layers. The graph model gives NaN in TensorFlow.js.",
        ),
        (
            [
                passed("layers"),
                passed("layers", "cpu", ms=90),
                differs("graph", distance=math.nan),
                differs("graph", "cpu", 4.0),
            ],
            "Ship layers. The graph model gives NaN on tfjs/wasm and answers differently on "
            "tfjs/cpu, by 4.",
        ),
        (
            [
                unable("graph", f"{UNMADE}tensorflowjs_converter a b failed: Unsupported Ops: X"),
                passed("layers"),
            ],
            "Ship layers. The graph model cannot be made by the converter: Unsupported Ops: X.",
        ),
        (
            [passed("graph", "cpu", 90), unable("graph", "no FusedConv2D!"), differs("layers")],
            "Ship graph, on tfjs/cpu alone. The graph model cannot be run on tfjs/wasm: no "
            "FusedConv2D. The layers model answers differently in TensorFlow.js, by 0.31.",
        ),
        (
            [differs("graph"), unable("layers", LOADING + "no")],
            "Ship neither format. The graph model answers differently in TensorFlow.js, by 0.31. "
            "The layers model cannot be loaded by TensorFlow.js: no.",
        ),
    ],
)
def test_a_fault_decides_and_is_the_reason(judgements, expected):
    assert recommend(judgements).sentence == expected


def test_another_number_of_answers_is_no_distance_of_0():
    other = replace(differs("graph"), distance=None)
    assert recommend([other, passed("layers")]).sentence == (
        "Ship layers. The graph model gives another number of answers."
    )


def test_without_an_original_nothing_answers_like_it():
    both = [passed("graph"), passed("layers")]
    assert "Both formats answer alike and" in recommend(both, original=False).sentence


def test_a_graph_with_a_loop_is_shipped_with_the_call_that_it_needs():
    looped = replace(passed("graph"), limit="loop-graph")
    alone = recommend([looped, unable("layers", LOADING + "no GRU")]).sentence
    call = "Ship graph. Call model.executeAsync() in your code: predict() and execute() refuse its"
    assert alone.startswith(call) and alone.endswith("cannot be loaded by TensorFlow.js: no GRU.")
    both = recommend([looped, passed("layers", ms=9)]).sentence
    assert both.startswith(call) and "Both formats answer like the original" in both
    other = recommend([looped, passed("layers", ms=0.01)]).sentence
    assert other.startswith("Ship layers") and "executeAsync" not in other


def test_of_two_that_pass_the_faster_is_recommended_on_its_fastest_runtime():
    lanes = [passed("graph", ms=3), passed("layers"), passed("layers", "cpu", 90)]
    assert recommend(lanes) == Recommendation(
        "layers",
        "tfjs/wasm",
        "Ship layers. Both formats answer like the original; layers takes 1.0 ms an input on "
        "tfjs/wasm, graph 3.0 ms.",
    )


def test_of_two_as_fast_the_smaller_is_recommended_if_it_is_much_smaller():
    lanes = [passed("graph"), passed("layers", ms=0.9)]
    assert recommend(lanes, {"graph": 2_000, "layers": 1_950}).format == "graph"
    advice = recommend(lanes, {"graph": 3_000_000, "layers": 2_000_000})
    assert advice.format == "layers" and "2,000 kB against 3,000 kB" in advice.sentence


def test_hundredths_of_a_millisecond_are_no_reason():
    lanes = [passed("graph", ms=0.06), passed("layers", ms=0.02)]
    assert recommend(lanes).format == "graph" and "about as fast" in recommend(lanes).sentence


def test_a_format_that_passes_everywhere_comes_before_a_faster_one_that_does_not():
    lanes = [
        passed("graph"),
        differs("graph", "cpu"),
        passed("layers", ms=9),
        passed("layers", "cpu"),
    ]
    assert recommend(lanes).format == "layers"


def test_a_long_reason_is_cut_and_its_lines_joined():
    lanes = [passed("graph"), unable("layers", "Unsupported Ops\nErfc\n" + "x" * 500)]
    sentence = recommend(lanes).sentence
    assert "Unsupported Ops Erfc xxx" in sentence and len(sentence) < 300


def test_without_tensorflow_js_nothing_is_recommended():
    absent = Judgement(Lane("graph", "tfjs/wasm"), "not tried", "not built")
    for lanes in ([], [absent], [Judgement(Lane("graph", "tensorflow"), "passed")]):
        advice = recommend(lanes)
        assert (advice.format, advice.runtime) == (None, None)
        assert "TensorFlow.js was not asked" in advice.sentence


def test_one_format_alone_is_recommended():
    assert recommend([passed("graph")]).sentence == "Ship graph."


def test_where_no_time_counts_the_sizes_decide():
    """As in software rendering, whose times say nothing of a chip."""
    untimed = [replace(passed(form, "webgl"), inputs=0) for form in ("graph", "layers")]
    found = recommend(untimed, {"graph": 300_000, "layers": 200_000})
    assert (found.format, found.runtime) == ("layers", "tfjs/webgl")
    assert found.sentence == (
        "Ship layers. Both formats answer like the original; layers has the smaller files, "
        "200 kB against 300 kB."
    )
    alike = recommend(untimed, {"graph": 300_000, "layers": 300_000})
    assert alike.sentence == "Ship graph. Both formats answer like the original."
