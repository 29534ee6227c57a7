"""Where lanes diverge, in words: the page's answer, and what the files say of it."""

from __future__ import annotations

from collections.abc import Sequence

from app.inspect.results.words import for_pages, joined, original
from models.bisect.bisection import Bisection
from models.bisect.layer_difference import LayerDifference
from models.bisect.sentences import numbers
from models.lanes import Lane, spoken
from models.parity.figures import plain
from models.parity.verdict import Kind, Verdict


def verdict(
    bisections: Sequence[Bisection],
    *,
    waiting: Sequence[Lane],
    failed: Sequence[Lane],
    rtol: float,
    reference: Lane,
    thing: str = "picture",
) -> Verdict:
    """The verdict: the first layer at which lanes diverge, or that none does. Once no lane of the
    server is ``waiting`` it is an answer, which says that it is of them alone.
    """
    diverging = [each for each in bisections if each.first is not None]
    pending = _missing(waiting, failed, reference)
    base = original(reference)
    if diverging:
        return Verdict("differ", _where(diverging, bisections), joined(_far(diverging), pending))
    if not bisections:
        if waiting:
            return Verdict("waiting", f"Bringing the {thing} through every layer …", pending)
        return Verdict("failed", "Nothing to compare: no two versions answered.", pending)
    who, one = _versions([each.lane for each in bisections], bisections)
    follow = f"{who} {'follows' if one else 'follow'} {base}"
    # That the browser is still waited for is no reason to hold back what the server says.
    kind: Kind = "agree"
    headline = f"Nowhere{' so far' if waiting else ''}: {follow} through every layer."
    if failed:
        kind = "failed"
        headline = f"Nowhere in what answered: {follow}."
    if not all(each.in_browser for each in waiting):
        kind = "waiting"
        known = len(bisections)
        headline = f"Nowhere so far: {known} of {known + len(waiting)} versions compared."
    return Verdict(kind, headline, joined(_farthest(bisections, rtol), pending))


def _missing(waiting: Sequence[Lane], failed: Sequence[Lane], reference: Lane) -> str:
    """Which lanes have yet to answer and which could not; empty for none."""
    parts = []
    if waiting:
        parts.append(f"Waiting for {spoken(waiting, reference)}.")
    if failed:
        parts.append(f"No answer from {spoken(failed, reference)}: see below why.")
    return " ".join(parts)


def _versions(lanes: Sequence[Lane], bisections: Sequence[Bisection]) -> tuple[str, bool]:
    """Lanes in a sentence, and whether that is one: where all of a format are meant, its place is
    left out.
    """
    reference = bisections[0].reference
    compared = [each.lane for each in bisections]
    stored = list(dict.fromkeys((each.format, each.weights) for each in lanes))
    whole = [each for each in stored if _of(compared, each) == _of(lanes, each)]
    everywhere = {each.in_browser for each in compared} == {True, False}
    if whole == stored and everywhere and reference.format == "keras":
        if len(stored) == 2:
            kind = "" if stored[0][1] == "float32" else f" with {stored[0][1]} weights"
            return f"both formats{kind}", False
        form, weights = stored[0]
        return f"the {form}{'' if weights == 'float32' else f' {weights}'} model", True
    return spoken(lanes, reference), len(stored) == 1


def _of(lanes: Sequence[Lane], stored: tuple[str, str]) -> set[Lane]:
    return {each for each in lanes if (each.format, each.weights) == stored}


def _first(bisection: Bisection) -> LayerDifference:
    assert bisection.first is not None
    return bisection.first


def _where(diverging: Sequence[Bisection], bisections: Sequence[Bisection]) -> str:
    """The layers at which lanes diverge, the first in the network first, and which lanes do."""
    order = max(([row.layer for row in each.differences] for each in bisections), key=len)
    by_layer: dict[str, list[Lane]] = {}
    for each in sorted(diverging, key=lambda each: _rank(_first(each).layer, order)):
        by_layer.setdefault(_first(each).layer, []).append(each.lane)
    (layer, lanes), *others = by_layer.items()
    who, one = _versions(lanes, bisections)
    base = original(diverging[0].reference)
    clauses = [f"At {layer}: {who} {'parts' if one else 'part'} from {base} there"]
    clauses += [f"{_versions(lanes, bisections)[0]} at {layer}" for layer, lanes in others]
    return f"{', '.join(clauses)}."


def _rank(layer: str, order: Sequence[str]) -> int:
    return order.index(layer) if layer in order else len(order)


def _far(diverging: Sequence[Bisection]) -> str:
    differences = [_first(each) for each in diverging]
    worst = max((each.relative for each in differences if not each.problem), default=None)
    problems = {each.problem for each in differences if each.problem}
    sentences = [f"{problem[0].upper()}{problem[1:]}." for problem in sorted(problems)]
    if worst is not None:
        sentences.append(f"There they differ by up to {share(worst)} of the layer's largest value.")
    return " ".join(sentences)


def reasons(bisections: Sequence[Bisection]) -> list[str]:
    """What differs in the files of diverging lanes, a sentence each."""
    sentences: dict[str, None] = {}
    for each in bisections:
        if each.first is None:
            continue
        stored = str(each.lane).partition(" @ ")[0]
        if len(each.together) > 1:
            sentences[
                f"The {stored} model computes {', '.join(each.together)} in one operation."
            ] = None
        for suspect in each.suspects:
            sentences[f"In the {stored} model, {suspect}."] = None
        sentences |= dict.fromkeys(map(for_pages, numbers(each)))
    return list(sentences)


def _farthest(bisections: Sequence[Bisection], rtol: float) -> str:
    rows = [(row, each) for each in bisections for row in each.differences]
    if not rows:
        return ""
    worst, bisection = max(rows, key=lambda each: each[0].relative)
    if worst.max_abs == 0:
        return "Every value of every layer is the same to the last bit."
    return (
        f"Farthest is {worst.layer} in {spoken([bisection.lane], bisection.reference)}: "
        f"{share(worst.relative)} of the layer's largest value, where {plain(rtol)} is allowed."
    )


def share(value: float) -> str:
    """A share as text: 47 %, 0.32 %, or 0.00000062 where a percentage would not help."""
    return f"{100 * value:.2g} %" if 1e-3 <= value < 1 else plain(float(value))
