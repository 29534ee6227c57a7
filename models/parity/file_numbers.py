"""What the comparison of the files' numbers found, in sentences, and what it makes of a judgement.

Answers cannot tell a small fault from rounding; the numbers in the files can.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from models.formats.anatomy.numbers import Numbers
from models.formats.anatomy.weight_comparison import Stored
from models.parity.figures import fixed, share
from models.parity.judgement import Judgement
from models.parity.rule import FACTOR

_FEW = 3  # arrays that a sentence names
_WHOSE = {"keras": "the original's", "layers": "the layers model's", "graph": "the graph model's"}


def judged(each: Judgement, found: Sequence[Numbers], own: float | None) -> Judgement:
    """The same judgement, or "differs" for a lane whose answers pass, or cannot be judged, and
    whose numbers differ.

    ``own`` is the reference's distance from exact. Only what is stored as float32 is judged so:
    quantised weights are rounded on purpose.
    """
    numbers = next((one for one in found if one.form == each.lane.format), None)
    if numbers is None or not numbers.differ:
        return each
    if each.kind not in ("passed", "cannot be judged"):
        return each
    if each.lane.weights != "float32":
        return each
    reason = f"{difference(numbers)} {_answers(each, own)}"
    return replace(each, kind="differs", reason=reason, by="numbers")


def sentences(found: Sequence[Numbers]) -> list[str]:
    """What is known of the numbers in the files, a sentence or two for each format."""
    if len(found) == 2 and all(_all_same(each) for each in found):
        one, two = found
        if len(one.same) == len(two.same) and one.against == two.against:
            return [
                f"The files' numbers: all {_arrays(len(one.same))} of both formats are "
                f"{_WHOSE[one.against]}."
            ]
    return [f"The files' numbers, {each.form}: {' '.join(_said(each))}" for each in found]


def difference(numbers: Numbers) -> str:
    """What differs, in a sentence that names the arrays."""
    said = [*numbers.settings, *map(_differs, numbers.different)]
    more = f", and {len(said) - _FEW} more" if len(said) > _FEW else ""
    return f"{'; '.join(said[:_FEW])}{more}."


def _all_same(numbers: Numbers) -> bool:
    return bool(numbers.same) and not (numbers.differ or numbers.missing or numbers.problem)


def _said(numbers: Numbers) -> Iterator[str]:
    if numbers.problem is not None:
        yield f"not compared, {numbers.problem}."
        return
    count = len(numbers.same)
    total = count + len(numbers.missing)
    total += len({name for each in numbers.different for name in each.weights})
    if not total:
        yield "there are none."
        return
    if numbers.differ:
        yield difference(numbers)
    if count == total:
        yield f"all {_arrays(count)} are {_WHOSE[numbers.against]}."
    else:
        yield f"{count} of {_arrays(total)} are {_WHOSE[numbers.against]}."
    if numbers.missing:
        names = ", ".join(numbers.missing[:_FEW])
        more = f", … {len(numbers.missing) - _FEW} more" if len(numbers.missing) > _FEW else ""
        yield f"Not compared: {_arrays(len(numbers.missing))} ({names}{more})."


def _differs(stored: Stored) -> str:
    names = ", ".join(stored.weights)
    folded = "" if stored.how == "as it is" else f" ({stored.how})"
    verb = "differ" if len(stored.weights) > 1 else "differs"
    by = f"{100 * stored.share:.2g} %" if stored.share < 1 else share(stored.max_abs or 0.0)
    most = "up to " if stored.differing > 1 else ""
    text = (
        f"{names}{folded} {verb} by {most}{by} in {fixed(stored.differing, 0)} of "
        f"{fixed(stored.size, 0)} number{'s' if stored.size > 1 else ''}"
    )
    return f"{text}, as rounding to float16 does" if stored.halved else text


def _answers(each: Judgement, own: float | None) -> str:
    distance = each.distance or 0.0
    if not own:
        return f"The answers cannot tell it from rounding: they are {share(distance)} off."
    times = f"{distance / own:.2g}"
    return (
        f"The answers cannot tell it from rounding: they are {times} times the reference's own "
        f"distance from exact, and {FACTOR:g} times may be rounding."
    )


def _arrays(count: int) -> str:
    return f"{count:,} array{'' if count == 1 else 's'}"
