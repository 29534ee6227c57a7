"""What was found, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator

from models.lanes import Lane
from models.parity.figures import fixed, percent, share
from models.parity.set_verdict import many
from models.verify.hunt import keeping
from models.verify.hunt.hunting import Hunted
from models.verify.hunt.place import Place


def lines(found: Hunted, real: str) -> Iterator[str]:
    """A sentence or two a line; ``real`` says what the real inputs were."""
    one, other = found.lanes
    yield f"{found.manifest.name}: {one} and {other}, hunted from {real}."
    yield (
        f"Seed {found.seed}: {many(found.steps, 'step')}, {many(found.asked, 'input')} asked in "
        f"{fixed(found.seconds, 0)} s, none farther from a real one than "
        f"{percent(found.limits.linf)} of the range in any value, and "
        f"{percent(found.limits.rms)} in the root of the mean square."
    )
    if found.blind is not None:
        yield f"Without gradients: {found.blind}"
    yield ""
    yield from _distances(found)
    yield from _where(found, found.farthest)
    yield ""
    yield from _bound(found)
    yield from _tops(found)


def _distances(found: Hunted) -> Iterator[str]:
    at, before = found.before
    yield f"Farthest apart of the real inputs: {_far(before)}, input {at}."
    times = found.times_as_far
    more = f", {fixed(times, 1)} times as far" if math.isfinite(times) else ""
    yield f"Farthest apart that was found: {_far(found.farthest.distance)}{more}."


def _far(distance: float) -> str:
    return share(distance) if math.isfinite(distance) else "NaN, or no end"


def _where(found: Hunted, place: Place) -> Iterator[str]:
    yield (
        f"  It began at input {place.origin}, and is {percent(place.linf)} of the range from it in "
        f"any value, {percent(place.rms)} in the root of the mean square (L2 {fixed(place.l2, 2)})."
    )
    if (address := keeping.link(found, place.picture)) is not None:
        yield f"  {address}"


def _bound(found: Hunted) -> Iterator[str]:
    place = found.farthest
    if place.holds:
        yield (
            f"The rounding bound holds: {share(place.distance)} of the {share(place.bound)} that "
            "may be rounding, as the real inputs have it."
        )
        return
    yield (
        f"It is more than rounding explains on the real inputs: {_far(place.distance)}, where "
        f"{share(place.bound)} may be."
    )
    if _rounded(found):
        yield "Weights are rounded on purpose here, which is more than the bound is for."
        return
    if found.own is None or found.rounding_there is None:
        return
    reference = found.manifest.reference
    off = f"{reference} itself is {share(found.own)} from exact on this input"
    if place.distance <= found.rounding_there:
        yield (
            f"But {off}: judged on it, {share(found.rounding_there)} may be. The bound of the real "
            "inputs is too small here, and this is rounding."
        )
    else:
        yield f"{off[0].upper()}{off[1:]}: this is no rounding."


def _rounded(found: Hunted) -> bool:
    return any(isinstance(each, Lane) and each.weights != "float32" for each in found.lanes)


def _tops(found: Hunted) -> Iterator[str]:
    if found.farthest.tops is None:
        return
    place = found.flipped
    if place is None or place.tops is None or place.margins is None:
        yield "The top class changed on none of the inputs that were asked."
        return
    (one, other), (mine, theirs) = found.lanes, place.margins
    first, second = (_class(found, each) for each in place.tops)
    yield ""
    yield (
        f"The top class changes: {one} finds {first} likelier than {second} by {share(mine)}, "
        f"{other} {second} by {share(theirs)}, in natural logarithms."
    )
    yield from _where(found, place)


def _class(found: Hunted, at: int) -> str:
    names = found.manifest.classes
    return repr(str(names[at])) if at < len(names) else f"class {at}"
