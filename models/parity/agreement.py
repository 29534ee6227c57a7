"""How far the answers of two lanes agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.errors import InputError
from models.parity.difference import absolute

ATOL = 1e-5
RTOL = 0.0

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Differences:
    """Summary of differences, all ≥ 0; ``p99`` is the 99th percentile."""

    max: float
    mean: float
    median: float
    p99: float


@dataclass(frozen=True)
class Agreement:
    """How a lane agrees with the reference on the same ``images``.

    ``same_top`` is the share (0 to 1) of images given the same top class. ``worst`` is (image,
    class) where the absolute difference is largest. ``smallest_atol`` is the smallest absolute
    tolerance that would pass with this ``rtol``; infinite or NaN where answers are not finite.
    """

    images: int
    same_top: float
    absolute: Differences
    relative: Differences
    worst: tuple[int, int]
    smallest_atol: float
    atol: float
    rtol: float
    passed: bool


def compare(
    reference: ArrayLike, other: ArrayLike, *, atol: float = ATOL, rtol: float = RTOL
) -> Agreement:
    """Compare two lanes' answers, each (images, classes), at least one of each.

    It passes where ``|other − reference| ≤ atol + rtol · |reference|`` for every value, the rule of
    numpy.allclose; NaN never passes. A top class that changes within the tolerance was a tie, so it
    counts in ``same_top`` alone. A relative difference is ``|other − reference| / |reference|``: 0
    where both are 0, infinite where only the reference is.

    Raises InputError when the shapes differ or are empty, or a tolerance is negative or not finite.
    """
    base, values = np.asarray(reference, np.float64), np.asarray(other, np.float64)
    check_tolerance(atol, rtol)
    _check_shapes(base, values)
    difference = absolute(base, values)
    # argmax of NaN is the first NaN, so NaN counts as the worst value.
    image, label = divmod(int(np.argmax(difference)), base.shape[1])
    same = base.argmax(axis=1) == values.argmax(axis=1)
    smallest = _smallest_atol(base, difference, rtol)
    return Agreement(
        images=len(base),
        same_top=float(same.mean()),
        absolute=_summary(difference),
        relative=_summary(_relative(base, difference)),
        worst=(image, label),
        smallest_atol=smallest,
        atol=atol,
        rtol=rtol,
        passed=smallest <= atol,  # False for NaN
    )


def check_tolerance(atol: float, rtol: float) -> None:
    """Raise InputError when a tolerance is negative or not finite."""
    for name, value in (("atol", atol), ("rtol", rtol)):
        if not (np.isfinite(value) and value >= 0):
            raise InputError(f"The tolerance {name} is {value}. Expected a number of 0 or more.")


def _check_shapes(base: Values, other: Values) -> None:
    if base.shape != other.shape or base.ndim != 2 or not base.size:
        raise InputError(
            f"Answers of shapes {base.shape} and {other.shape} cannot be compared. "
            "Expected two of the same shape (images, classes), at least one of each."
        )


def _relative(base: Values, difference: Values) -> Values:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(difference == 0, 0.0, difference / np.abs(base))


def _smallest_atol(base: Values, difference: Values, rtol: float) -> float:
    """NaN when a difference is NaN, as np.max has it."""
    with np.errstate(invalid="ignore"):
        allowed = rtol * np.abs(base) if rtol else np.zeros_like(base)
        left = np.where(difference == 0, 0.0, difference - allowed)
    return float(np.max(np.maximum(left, 0.0)))


def _summary(differences: Values) -> Differences:
    with np.errstate(invalid="ignore"):
        return Differences(
            max=float(differences.max()),
            mean=float(differences.mean()),
            median=float(np.median(differences)),
            p99=float(np.quantile(differences, 0.99)),
        )


def as_json(agreement: Agreement) -> dict[str, Any]:
    """The agreement as JSON values; infinity and NaN become null."""

    def number(value: float) -> float | None:
        return float(value) if np.isfinite(value) else None

    def numbers(differences: Differences) -> dict[str, float | None]:
        return {name: number(value) for name, value in vars(differences).items()}

    return {
        "images": agreement.images,
        "same_top": agreement.same_top,
        "absolute": numbers(agreement.absolute),
        "relative": numbers(agreement.relative),
        "worst": {"image": agreement.worst[0], "class": agreement.worst[1]},
        "smallest_atol": number(agreement.smallest_atol),
        "atol": agreement.atol,
        "rtol": agreement.rtol,
        "passed": agreement.passed,
    }
