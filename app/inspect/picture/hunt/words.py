"""What a search found, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from app.inspect.picture.hunt.found import Ended, Found
from models.parity.figures import fixed, percent, plain
from models.parity.set_verdict import many

ON_PURPOSE = (
    "Weights are rounded on purpose here, in each format by itself, which is more than the bound "
    "is for."
)


def sentences(found: Sequence[Found], classes: Sequence[object]) -> Iterator[str]:
    """Whether both formats read a picture differently, how far apart they are on the farthest one,
    and whether rounding explains it.
    """
    changed, farthest = found[0], _farthest(found)
    is_changed = changed.flips > 0 and changed.tops is not None
    if is_changed and changed.tops is not None:
        one, other = (_class(each, classes) for each in changed.tops)
        yield f"The graph model reads {one}, the layers model {other}."
    far, allowed = plain(farthest.distance), plain(farthest.bound)
    if math.isinf(farthest.distance):
        yield "At least one of them gives NaN, or a number without an end, which is no rounding."
    elif farthest.distance <= farthest.bound:
        nothing = "" if is_changed else ": nothing found"
        yield f"At most {far} apart; rounding alone explains up to {allowed}{nothing}."
    else:
        yield f"They differ by {far}, more than the {allowed} that rounding explains."
        if farthest.lanes[0].weights != "float32":
            yield ON_PURPOSE


def caption(each: Found, found: Sequence[Found]) -> str:
    """What one of the pictures is."""
    if len(found) == 1:
        return "Found"
    if each.flips > 0:
        return "Read differently"
    return "Farthest apart" if each is _farthest(found) else "Farthest apart of those read alike"


def how(ended: Ended, seed: int) -> str:
    """How it was searched, and how far the pictures are from real ones."""
    linf = max(each.linf for each in ended.found)
    rms = max(each.rms for each in ended.found)
    which = "The one that was found is" if len(ended.found) == 1 else "Those that were found are"
    return (
        f"Seed {seed}: {many(ended.asked, 'picture')} asked in {fixed(ended.seconds, 0)} s on "
        f"{ended.backend}. {which} at most {percent(linf)} of the range from the real "
        f"one in any value, and {percent(rms)} in the root of the mean square."
    )


def _farthest(found: Sequence[Found]) -> Found:
    return max(found, key=lambda each: each.distance)


def _class(at: int, classes: Sequence[object]) -> str:
    return str(classes[at]) if at < len(classes) else f"class {at}"
