"""Compares two lanes layer by layer, batch after batch: what a large model computes for many inputs
does not fit into memory at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.bisect.layer_difference import ATOL, RTOL, LayerDifference
from models.parity.difference import absolute
from models.runtimes.activations import Own, Trace

Values = NDArray[Any]
# From the share of a layer's largest magnitude that rounding makes of it, None where that is not
# known, to the share that the layer may add.
Allowed = Callable[[float | None], float]


class Tally:
    """The differences of another lane from the reference.

    ``pairs`` are the reference's layers and the other lane's parts, in order; ``steps_of`` maps
    first steps to their layers. Pairs that are missing from one of the traces are left out.
    """

    def __init__(
        self,
        pairs: Iterable[tuple[str, str]],
        steps_of: Mapping[str, str] | None = None,
        *,
        atol: float = ATOL,
        rtol: float = RTOL,
    ) -> None:
        self._layers = [_Layer(layer, part) for layer, part in pairs]
        self._steps_of = steps_of or {}
        self._atol, self._rtol = atol, rtol

    def add(
        self,
        reference: Trace,
        other: Trace,
        own: Own | None = None,
        rounding: Mapping[str, float] | None = None,
    ) -> None:
        """Count a batch. ``own`` is what each part gives from the reference's values, ``rounding``
        how far it takes each of the reference's layers, in what the layer gives.
        """
        for each in self._layers:
            if each.name not in reference.outputs or each.part not in other.outputs:
                continue
            base = reference.outputs[each.name]
            each.add(base, other.outputs[each.part])
            if own is not None and each.part in own.outputs:
                each.add_own(base, own.outputs[each.part])
            elif own is not None:
                each.own_problem = own.errors.get(each.part)
            if rounding is not None and each.name in rounding:
                each.rounding = max(each.rounding or 0.0, rounding[each.name])

    def differences(self, allowed: Allowed = lambda _: RTOL) -> tuple[LayerDifference, ...]:
        """What was counted, in the order of the pairs."""
        return tuple(self._difference(each, allowed) for each in self._layers if each.count)

    def _difference(self, each: _Layer, allowed: Allowed) -> LayerDifference:
        return LayerDifference(
            each.name,
            each.part,
            (each.count, *each.shape),
            each.max_abs,
            each.total / each.values if each.values else float("nan"),
            each.scale,
            each.worst,
            self._atol + self._rtol * each.scale,
            each.problem,
            self._atol,
            own=_share(each.own, each.scale),
            own_allowed=allowed(_share(each.rounding, each.scale) if each.scale else None),
            own_problem=each.own_problem,
            step_of=self._steps_of.get(each.name, ""),
        )


def compare(
    reference: Trace,
    other: Trace,
    pairs: Iterable[tuple[str, str]],
    *,
    atol: float = ATOL,
    rtol: float = RTOL,
    steps_of: Mapping[str, str] | None = None,
) -> tuple[LayerDifference, ...]:
    """Compare two traces of the same inputs."""
    tally = Tally(pairs, steps_of, atol=atol, rtol=rtol)
    tally.add(reference, other)
    return tally.differences()


class _Layer:
    """What was counted of one layer, in what it gives: shares are of the largest in the end."""

    def __init__(self, name: str, part: str) -> None:
        self.name, self.part = name, part
        self.count = self.values = 0
        self.scale = self.total = self.max_abs = 0.0
        self.shape: tuple[int, ...] = ()
        self.worst: tuple[int, ...] = ()
        self.problem: str | None = None
        self.own: float | None = None
        self.own_problem: str | None = None
        self.rounding: float | None = None

    def add(self, base: Values, other: Values) -> None:
        # Only finite values count: one infinity would allow all others to differ.
        largest = np.abs(base).max(initial=0.0, where=np.isfinite(base))
        self.scale = max(self.scale, float(largest))
        start, self.count, self.shape = self.count, self.count + len(base), base.shape[1:]
        if base.shape != other.shape:
            self.problem = _problem(base, other)
            self.max_abs = self.total = float("nan")
            self.worst = ()
            return
        if not base.size:  # a layer may give nothing: there is no worst place then
            return
        apart = absolute(base.astype(np.float64), other.astype(np.float64))
        place = np.unravel_index(int(np.argmax(apart)), apart.shape)  # NaN counts as the largest
        self.total += float(apart.sum())
        self.values += apart.size
        most = float(apart[place])
        first_one = self.problem is None and not self.worst
        if first_one or not (most <= self.max_abs or np.isnan(self.max_abs)):
            self.max_abs = most
            first, *others = map(int, place)
            self.worst = (start + first, *others)

    def add_own(self, base: Values, alone: Values) -> None:
        most = float("nan")
        if base.shape != alone.shape:
            self.own_problem = _problem(base, alone)
        else:
            apart = absolute(base.astype(np.float64), alone.astype(np.float64))
            most = float(apart.max(initial=0.0))
        self.own = float(np.maximum(self.own or 0.0, most))  # NaN stays NaN


def _share(value: float | None, scale: float) -> float | None:
    if not value:
        return value
    return value / scale if scale else float("inf")


def _problem(base: Values, other: Values) -> str:
    return f"its shape is {_shape(other)} where the reference has {_shape(base)}"


def _shape(values: Values) -> str:
    return "×".join(map(str, values.shape[1:]))
