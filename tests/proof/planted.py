"""Faults to plant in a Keras model before it is converted: what a wrong conversion would do.

Each is planted alone. The model has to be a chain of layers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.lanes import Weights

Values = NDArray[np.float32]
SWAPPED = (3, 5)
DEEP, EVERY = 10, 3  # in a deeper model some faults are planted in every third layer only


@dataclass(frozen=True)
class Fault:
    """``layer`` is where it is. ``small`` ones need not be told from rounding by answers.

    ``plant`` makes the faulty model of a healthy one, which may be changed. Where the fault is how
    weights are stored, ``stored`` says so.
    """

    name: str
    layer: str
    plant: Callable[[Any], Any]
    small: bool = False
    stored: Weights = "float32"


def faults(model: Any) -> Iterator[Fault]:
    """All faults that can be planted in a model."""
    weighted = [each for each in model.layers if each.weights]
    for number, layer in enumerate(weighted):
        names = _roles(layer)
        spared = len(weighted) > DEEP and number % EVERY
        for kernel in (each for each in names if each.endswith("kernel")):
            yield _weight("a weight off by 1 %", layer, kernel, _by(1.01))
            if not spared:
                yield _weight("a weight off by 0.1 %", layer, kernel, _by(1.001), small=True)
        for offset in (each for each in names if each in ("bias", "beta")):
            yield _weight("a bias off by 1e-3", layer, offset, _moved(1e-3))
        if "moving_variance" in names and not spared:
            variance = _moved(1e-3)
            yield _weight("a variance off by 1e-3", layer, "moving_variance", variance, small=True)
            yield Fault("an epsilon off by 1e-4", layer.name, _setting(layer.name, epsilon=1.1e-3))
    if (same := _first(model, lambda config: config.get("padding") == "same")) is not None:
        yield Fault("a padding's side", same.name, lambda model, of=same: _padded(model, of))
    if (strided := _first(model, _is_strided)) is not None:
        yield Fault(
            "a stride's phase", strided.name, lambda model, of=strided: _out_of_phase(model, of)
        )
    yield Fault("float16 as float32", weighted[0].name, lambda model: model, stored="float16")
    yield Fault("two classes swapped", weighted[-1].name, _classes_swapped)


def _roles(layer: Any) -> list[str]:
    return [each.name.rpartition("/")[2].partition(":")[0] for each in layer.weights]


def _by(factor: float) -> Callable[[Values], None]:
    """Multiplies the weight of median magnitude."""

    def change(values: Values) -> None:
        middle = np.argsort(np.abs(values), axis=None)[values.size // 2]
        values.flat[middle] *= np.float32(factor)

    return change


def _moved(by: float) -> Callable[[Values], None]:
    def change(values: Values) -> None:
        values.flat[0] += np.float32(by)

    return change


def _weight(
    name: str, layer: Any, role: str, change: Callable[[Values], None], *, small: bool = False
) -> Fault:
    def plant(model: Any) -> Any:
        faulty = model.get_layer(layer.name)
        values = [each.copy() for each in faulty.get_weights()]
        change(values[_roles(faulty).index(role)])
        faulty.set_weights(values)
        return model

    return Fault(name, layer.name, plant, small)


def _classes_swapped(model: Any) -> Any:
    last = next(each for each in reversed(model.layers) if each.weights)
    values = last.get_weights()
    for each in values:
        each[..., list(SWAPPED)] = each[..., list(reversed(SWAPPED))]
    last.set_weights(values)
    return model


def _first(model: Any, wanted: Callable[[dict[str, Any]], bool]) -> Any:
    windows = (each for each in model.layers if _window(each.get_config()) is not None)
    return next((each for each in windows if wanted(each.get_config())), None)


def _window(config: dict[str, Any]) -> tuple[int, int] | None:
    found = config.get("kernel_size") or config.get("pool_size")
    return None if found is None or found == (1, 1) else tuple(found)


def _is_strided(config: dict[str, Any]) -> bool:
    return tuple(config.get("strides") or (1, 1)) == (2, 2)


def _setting(name: str, **settings: Any) -> Callable[[Any], Any]:
    return lambda model: _rebuilt(model, name, (), settings)


def _padded(model: Any, layer: Any) -> Any:
    """The pixels that "same" adds after the picture are added before it, the odd one or one."""
    before, after = _same_padding(layer)
    moved = (after, before) if before != after else (before + 1, after - 1)
    return _rebuilt(model, layer.name, [("ZeroPadding2D", moved)], {"padding": "valid"})


def _out_of_phase(model: Any, layer: Any) -> Any:
    """The first window starts a pixel later; zeros take the place of what is then missing."""
    before, after = _same_padding(layer) if layer.get_config()["padding"] == "same" else (0, 0)
    steps = [("ZeroPadding2D", (before, after + 1)), ("Cropping2D", (1, 0))]
    return _rebuilt(model, layer.name, steps, {"padding": "valid"})


def _same_padding(layer: Any) -> tuple[int, int]:
    """Pixels before and after, of a square picture."""
    config = layer.get_config()
    size, window, stride = layer.input_shape[1], _window(config), config["strides"][0]
    assert window is not None
    whole = max((-(-size // stride) - 1) * stride + window[0] - size, 0)
    return whole // 2, whole - whole // 2


def _rebuilt(model: Any, name: str, before: Any, settings: dict[str, Any]) -> Any:
    """The chain with other ``settings`` for a layer and pixels added or cut off ``before`` it."""
    from tf_keras import Sequential, layers

    built = [layers.Input(model.input_shape[1:])]
    for layer in model.layers:
        config = layer.get_config()
        if type(layer).__name__ == "InputLayer":
            continue
        if layer.name == name:
            config |= settings
            built += [getattr(layers, kind)((pixels, pixels)) for kind, pixels in before]
        built.append(type(layer).from_config(config))
    faulty = Sequential(built)
    faulty.set_weights(model.get_weights())
    return faulty
