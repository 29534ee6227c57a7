"""What was found as JSON, for other programs: docs/hunt.md has its fields."""

from __future__ import annotations

import math
from typing import Any

from models.verify.hunt import keeping
from models.verify.hunt.hunting import Hunted
from models.verify.hunt.place import Place


def as_json(found: Hunted) -> dict[str, Any]:
    """One object."""
    farthest, flipped = found.farthest, found.flipped
    return {
        "model": found.manifest.name,
        "lanes": [str(each) for each in found.lanes],
        **{each: getattr(found, each) for each in ("seed", "steps", "asked")},
        "seconds": round(found.seconds, 3),
        "limits": {"linf": found.limits.linf, "rms": found.limits.rms},
        "real": {
            "inputs": found.real,
            "input": found.before[0],
            "distance": _number(found.before[1]),
        },
        "times_as_far": _number(found.times_as_far),
        "holds": farthest.holds,
        "reference_off": found.own,
        "bound_there": found.rounding_there,
        "farthest": _place(found, farthest),
        "flipped": None if flipped is None else _place(found, flipped),
        "without_gradients": found.blind,
        "without_exact": found.estimated,
    }


def _place(found: Hunted, place: Place) -> dict[str, Any]:
    names = found.manifest.classes
    tops = place.tops and [_name(names, each) for each in place.tops]
    return {
        "distance": _number(place.distance),
        **{each: getattr(place, each) for each in ("bound", "origin", "linf", "rms", "l2")},
        "top": tops,
        "margins": None if place.margins is None else [_number(each) for each in place.margins],
        "link": keeping.link(found, place.picture),
    }


def _name(names: Any, at: int) -> str:
    return str(names[at]) if at < len(names) else str(at)


def _number(value: float) -> float | None:
    """JSON has neither NaN nor infinity."""
    return value if math.isfinite(value) else None
