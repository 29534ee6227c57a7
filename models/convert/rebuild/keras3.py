"""Rebuilds a model of Keras 3 in tf_keras, whose files the converter can convert.

The converter reads a Keras 3 file, but writes a layers model that TensorFlow.js cannot load. So the
layers are built again in tf_keras with the same weights. That is a step of conversion: the original
stays the reference, and every layer has to give there what it gives in Keras 3, fed with the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.convert.rebuild.tf_keras_operation import Operation
from models.convert.rebuild.tf_keras_twin import REASONS, Twin, Twins
from models.errors import ModelError
from models.formats.tensors import Tensor, Tensors
from models.runtimes.keras import calling, keras3

# A layer may be this many times as far from Keras 3 as it moves itself when each number that it is
# fed with is off by its last bit, which is what rounding does to it anyhow.
_ROUNDING = 30
_STEPS = 8  # of the layer's largest output, in its own float: the floor of what is rounding
_MOST = 1e-3  # of it: where a bit moves a layer farther, it has steps, and says nothing of rounding
_WIRED = 1e-3  # of the largest answer: layers that are right one by one, but wired otherwise
_WIRED_STEPS = 64  # the same where layers compute in a smaller float
_WAY_OUT = (
    "The way out: build the same network with tf_keras (pip install tf_keras), load its weights "
    "with model.set_weights(…), save it as an .h5 and give that."
)


class RebuildError(ModelError):
    """tf_keras has no such model. ``original`` is the one of Keras 3, which runs."""

    def __init__(self, why: str, original: Any) -> None:
        super().__init__(f"{why} {_WAY_OUT}")
        self.original = original


@dataclass(frozen=True, eq=False)
class Rebuilt:
    """A tf_keras model that answers like one of Keras 3, and what is not built as it was there."""

    model: Any
    changes: tuple[str, ...]


def rebuild(path: Path, original: Any, takes: Sequence[Tensor], given: Tensors) -> Rebuilt:
    """Build the Keras 3 model ``original``, which is in ``path``, again in tf_keras.

    The new one takes and gives the same by the same names; ``given``,
    an array for each of the inputs ``takes``, is what both are compared on. Raises RebuildError,
    with the layer's name, when a layer cannot be built or gives something else.
    """
    try:
        twins = Twins()
        model = _build(original, takes, twins)
    except Exception as error:  # tf_keras raises many kinds
        why = f"{path} is of Keras 3 and cannot be built again in tf_keras: {error}."
        raise RebuildError(why, original) from error
    try:
        comparison = _Comparison(twins, path)
        keras3.walk(original, given, comparison)
        both = [calling.outputs(each, given) for each in (original, model)]
    except _OtherError as error:
        raise RebuildError(str(error), original) from error
    except Exception as error:  # both Keras raise many kinds
        raise ModelError(f"{path} is of Keras 3 and cannot be run by layers: {error}") from error
    for one, other in zip(*both, strict=True):
        if not _same(np.asarray(one), np.asarray(other), comparison.step):
            raise RebuildError(
                f"{path} is of Keras 3; its layers give the same in tf_keras, the whole model does "
                "not.",
                original,
            )
    return Rebuilt(model, tuple(_changes(original, twins)))


def _same(answers: NDArray[Any], others: NDArray[Any], step: float) -> bool:
    """Whether the layers are wired alike: rounding, by a ``step``, adds up from layer to layer."""
    if answers.shape != others.shape:
        return False
    apart = np.abs(others.astype(np.float64) - answers).max(initial=0)
    return bool(apart <= max(_WIRED, _WIRED_STEPS * step) * np.abs(answers).max(initial=0))


def _build(original: Any, takes: Sequence[Tensor], twins: Twins) -> Any:
    import tf_keras

    starts = [
        tf_keras.layers.Input(each.shape, name=each.name, dtype=each.dtype, batch_size=each.batch)
        for each in takes
    ]
    outputs = keras3.walk(original, starts, twins)
    return tf_keras.Model(
        starts if len(starts) > 1 else starts[0],
        outputs if len(outputs) > 1 else outputs[0],
        name=original.name,
    )


def _changes(original: Any, twins: Twins) -> Iterator[str]:
    """What the rebuild does that the original does not, a sentence each."""
    inner = [layer.name for layer in original.layers if hasattr(layer, "layers")]
    if inner:
        yield f"The layers of {', '.join(inner)}, inside the model, are layers of the model itself."
    computed = [name for name, twin in twins.made.items() if isinstance(twin, Operation)]
    if computed:
        yield f"What is computed between the layers is by layers: {', '.join(computed)}."
    for twin in twins.made.values():
        if isinstance(twin, Twin) and twin.change:
            yield twin.change


class _OtherError(Exception):
    """A layer's twin cannot be run, or gives something else."""


class _Comparison:
    """Compares each layer with its twin, both fed with what Keras 3 computed up to there.

    ``step`` is the largest of the layers' floats so far, as a share of the number.
    """

    def __init__(self, twins: Twins, path: Path) -> None:
        self._twins, self._path = twins, path
        self._rng = np.random.default_rng(3)
        self.step = 0.0

    def __call__(self, name: str, layer: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        """The layer's output in Keras 3. Raises _OtherError when the twin's is another one."""
        args, kwargs = _arrays(args), _arrays(kwargs)
        output = _arrays(keras3.inference(layer, args, kwargs))
        moved = _arrays(keras3.inference(layer, self._nudged(args), self._nudged(kwargs)))
        try:
            twin = _arrays(self._twins(name, layer, args, dict(kwargs)))
        except Exception as error:  # tf_keras raises many kinds
            raise _OtherError(
                f"{self._path} is of Keras 3, and tf_keras cannot run its layer {name}: {error}."
            ) from error
        for each in zip(*map(keras3.tensors, (output, moved, twin)), strict=True):
            self._compare(name, layer, *each)
        return output

    def _compare(self, name: str, layer: Any, output: Any, moved: Any, twin: Any) -> None:
        """Raise _OtherError when the twin's output is another one than rounding explains."""
        step = _step(output.dtype)
        self.step = max(step, self.step)
        output, moved, twin = (each.astype(np.float64) for each in (output, moved, twin))
        most = float(np.abs(output).max(initial=0))
        rounding = _ROUNDING * float(np.abs(moved - output).max(initial=0))
        allowed = min(rounding, _MOST * most) + _STEPS * step * most
        apart = (
            float(np.abs(twin - output).max(initial=0)) if twin.shape == output.shape else np.inf
        )
        if not apart <= allowed:
            raise _OtherError(self._differs(name, layer, apart, most))

    def _nudged(self, value: Any) -> Any:
        """The same with each float off by one step, up or down."""
        if isinstance(value, list):
            return [self._nudged(each) for each in value]
        if isinstance(value, dict):
            return {key: self._nudged(each) for key, each in value.items()}
        if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
            return value
        sides = self._rng.choice(np.array([-np.inf, np.inf], value.dtype), value.shape)
        nudged: NDArray[Any] = np.nextafter(value, sides)
        return nudged

    def _differs(self, name: str, layer: Any, apart: float, most: float) -> str:
        how = f"up to {apart:.1e} apart, where its largest output is {most:.1e}"
        if not np.isfinite(apart):
            how = "an output of another shape, or one that is no number"
        settings = layer.get_config() if hasattr(layer, "get_config") else {}
        reasons = [REASONS[each] for each in settings.values() if each in list(REASONS)]
        return " ".join(
            [
                f"{self._path} is of Keras 3, and its layer {name} ({type(layer).__name__}) is "
                f"another function in tf_keras, which the converter needs: {how}.",
                *dict.fromkeys(reasons),
            ]
        )


def _step(dtype: np.dtype[Any]) -> float:
    """How far the next number is from 1, as a share of it; for integers as for float32."""
    number = np.ones((), np.float32 if dtype.kind in "iub" else dtype)
    return float(np.spacing(number))


def _arrays(value: Any) -> Any:
    """The same with tensors as arrays, which either Keras takes."""
    if isinstance(value, Mapping):
        return {key: _arrays(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_arrays(each) for each in value]
    return np.asarray(value) if hasattr(value, "numpy") else value
