"""A small network for each thing that conversions do: every lane is judged as what it really does.

The judgements are those of the official converter's own files on the plain packages of
TensorFlow.js. ``python -m benchmarks.truth`` compares four times as many, where they are at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.convert.intake.given import Given
from models.formats.store import EXAMPLES
from models.formats.wanted import NOTHING
from models.lanes import CONVERTED, Format, Lane
from models.parity.judgement import Kind
from models.runtimes import node
from models.verify import text, without_adding

pytestmark = pytest.mark.skipif(not node.SCRIPT.is_file(), reason="`make install` bundles it")
BACKENDS = ("cpu", "wasm")
OK, OFF, NO = "passed", "differs", "cannot run"


@dataclass(frozen=True)
class Case:
    """``graph`` and ``layers`` are judged so on cpu and on wasm; ``limits`` are the rows named on
    cpu and on wasm, by format; ``ship`` is the format to recommend.
    """

    layers_of: Callable[[], Sequence[Any]]
    ship: tuple[Format, ...]
    graph: tuple[Kind, Kind] = (OK, OK)
    layers: tuple[Kind, Kind] = (OK, OK)
    limits: dict[Format, str | tuple[str | None, str | None]] | None = None
    end: tuple[int, str | None] = (3, "softmax")


def built(case: Case) -> Any:
    import tf_keras
    from tf_keras import layers

    tf_keras.utils.set_random_seed(4)
    units, activation = case.end
    value = start = layers.Input((28, 28, 1))
    for each in case.layers_of():
        value = each(value)
    if len(value.shape) > 2:
        value = layers.Flatten()(value)
    model = tf_keras.Model(start, layers.Dense(units, activation)(value))
    random = np.random.default_rng(4)
    for layer in model.layers:  # fresh biases and statistics are 0 or 1, and hide faults
        new = [
            each + random.uniform(0.1, 0.5, each.shape) if each.ndim == 1 else each
            for each in layer.get_weights()
        ]
        layer.set_weights(new)
    return model


def conv(**settings: Any) -> Any:
    from tf_keras import layers

    return layers.Conv2D(2, 3, strides=2, **settings)  # 13×13


def of(*steps: tuple[str, dict[str, Any]] | str) -> Callable[[], Sequence[Any]]:
    """A convolution, and layers by name behind it."""
    return lambda: [conv(), *_made(steps)]


def rows(*steps: tuple[str, dict[str, Any]] | str) -> Callable[[], Sequence[Any]]:
    """Layers by name on the picture as seven steps of its rows."""
    cut = ("Cropping2D", {"cropping": ((0, 21), (0, 0))})
    return lambda: _made([cut, ("Reshape", {"target_shape": (7, 28)}), *steps])


def _made(steps: Sequence[tuple[str, dict[str, Any]] | str]) -> list[Any]:
    from tf_keras import layers

    pairs = [(each, {}) if isinstance(each, str) else each for each in steps]
    return [getattr(layers, kind)(**settings) for kind, settings in pairs]


def functions() -> Sequence[Any]:
    import tensorflow as tf

    return [conv(), lambda value: tf.nn.relu(value) + 1.0]


GATE, DEEP, WIDE = {"units": 4}, {"kernel_size": 3}, {"kernel_size": (1, 3)}
CASES = {
    "healthy": Case(of("BatchNormalization", "ReLU", "MaxPooling2D"), ("graph", "layers")),
    "one sigmoid": Case(of("ReLU"), ("graph", "layers"), end=(1, "sigmoid")),
    "logits": Case(of("ReLU"), ("graph", "layers"), end=(3, None)),
    "a slope that is ignored": Case(
        of(("ReLU", {"negative_slope": 0.3})),
        ("graph",),
        layers=(OFF, OFF),
        limits={"layers": "relu-negative-slope"},
    ),
    "statistics that are not computed": Case(
        of("LayerNormalization", "ReLU"),
        ("layers",),
        graph=(OFF, OFF),
        limits={"graph": "layernorm-graph"},
    ),
    "a layer that is lacking": Case(
        of(("GroupNormalization", {"groups": 2})),
        ("graph",),
        layers=(NO, NO),
        limits={"layers": "unknown-layer"},
    ),
    "functions of TensorFlow": Case(
        functions, ("graph",), layers=(NO, NO), limits={"layers": "lambda"}
    ),
    "a graph that is not made": Case(
        of(("Activation", {"activation": "gelu"})),
        ("layers",),
        graph=(NO, NO),
        limits={"graph": "gelu-graph"},
    ),
    "a dilation that is ignored": Case(
        of(("DepthwiseConv2D", DEEP | {"dilation_rate": 2, "padding": "same"})),
        ("graph",),
        layers=(OFF, OFF),
        limits={"layers": "depthwise-dilation"},
    ),
    "a stride that wasm gets wrong": Case(
        lambda: _made(
            [("DepthwiseConv2D", {"kernel_size": (1, 3), "strides": 2, "padding": "same"})]
        ),
        ("graph", "layers"),
        graph=(OK, OFF),
        layers=(OK, OFF),
        limits=dict.fromkeys(CONVERTED, (None, "narrow-kernel-stride-wasm")),
    ),
    "fields that are refused": Case(
        of(("SeparableConv2D", DEEP | {"filters": 2})),
        ("graph",),
        layers=(NO, NO),
        limits={"layers": "separable-fields"},
    ),
    "a loop, and a cell that is refused": Case(
        rows(("GRU", GATE)),
        ("graph",),
        layers=(NO, NO),
        limits={"graph": "loop-graph", "layers": "gru-reset-after"},
    ),
    "a loop that wasm refuses": Case(
        rows(("LSTM", GATE)),
        ("layers",),
        graph=(OK, NO),
        limits={"graph": ("loop-graph", "lstm-graph-wasm")},
    ),
    "a loop that gives no answer": Case(
        rows(("SimpleRNN", GATE)),
        ("layers",),
        graph=(NO, NO),
        limits={"graph": "recurrent-loop-graph"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_lane_is_judged_as_it_is_and_the_known_limit_named(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    path = tmp_path / "model.h5"
    built(case).save(path)
    runtimes = [f"tfjs/{each}" for each in BACKENDS]
    result, _ = without_adding.verify(Given(original=path), NOTHING, EXAMPLES, runtimes=runtimes)
    found = {each.lane: (each.kind, each.limit) for each in result.judgements}
    expected = {}
    for form, kinds in (("graph", case.graph), ("layers", case.layers)):
        limits = (case.limits or {}).get(form)
        both = limits if isinstance(limits, tuple) else (limits, limits)
        for backend, kind, limit in zip(BACKENDS, kinds, both, strict=True):
            expected[Lane(form, f"tfjs/{backend}")] = (kind, limit)
    assert found == expected, text.conclusion(result)
    assert result.recommendation.format in case.ship
    loops = found[Lane("graph", "tfjs/cpu")][1] == "loop-graph"
    called = loops and result.recommendation.format == "graph"
    assert ("executeAsync" in result.recommendation.sentence) == called
