"""The Inspect page in words: where lanes diverge, and what the conversion changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from models.bisect.bisection import Bisection
from models.bisect.layer_difference import LayerDifference
from models.bisect.sentences import numbers
from models.formats.anatomy import Pairing
from models.formats.anatomy.parts import Anatomy
from models.lanes import Lane
from models.parity.figures import short
from models.parity.verdict import Verdict

MANY = 4  # names in one sentence


def verdict(
    bisections: Sequence[Bisection], *, waiting: Sequence[Lane], failed: Sequence[Lane], rtol: float
) -> Verdict:
    """The verdict: the first layer at which lanes diverge, or that none does."""
    diverging = [each for each in bisections if each.first is not None]
    pending = _missing(waiting, failed)
    if diverging:
        return Verdict("differ", _where(diverging), f"{_how_far(diverging)} {pending}".strip())
    if not bisections:
        if waiting:
            return Verdict("waiting", "Bringing the picture through every layer …", pending)
        return Verdict("failed", "Nothing to compare.", pending)
    farthest = max(bisections, key=_largest)
    detail = f"{_farthest(farthest)} The tolerance is {short(rtol)} of it. {pending}".rstrip()
    who = f"all {len(bisections)} lanes follow"
    if len(bisections) == 1:
        who = f"{farthest.lane} follows"
    headline = f"No layer parts: {who} {farthest.reference}."
    if waiting:
        headline = f"No layer parts so far: {_count(len(bisections), 'lane')} compared."
    return Verdict("waiting" if waiting else "failed" if failed else "agree", headline, detail)


def _missing(waiting: Sequence[Lane], failed: Sequence[Lane]) -> str:
    """Which lanes have yet to answer and which could not; empty for none."""
    parts = []
    if waiting:
        parts.append(f"Waiting for {', '.join(map(str, waiting))}.")
    if failed:
        parts.append(f"No answer from {', '.join(map(str, failed))}: see below why.")
    return " ".join(parts)


def _largest(bisection: Bisection) -> float:
    return max((row.relative for row in bisection.differences), default=0.0)


def _first(bisection: Bisection) -> LayerDifference:
    assert bisection.first is not None
    return bisection.first


def _where(diverging: Sequence[Bisection]) -> str:
    """The first diverging layer of each format, with the runtimes on which it diverges."""
    runtimes: dict[tuple[str, str], list[str]] = {}
    for each in diverging:
        stored = str(each.lane).partition(" @ ")[0]
        runtimes.setdefault((stored, _first(each).layer), []).append(each.lane.runtime)
    clauses = (
        f"{stored} parts at {layer} on {' and '.join(names)}"
        for (stored, layer), names in runtimes.items()
    )
    return "; ".join(clauses) + "."


def _how_far(diverging: Sequence[Bisection]) -> str:
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
        sentences |= dict.fromkeys(numbers(each))
    return list(sentences)


def _farthest(bisection: Bisection) -> str:
    worst = max(bisection.differences, key=lambda each: each.relative, default=None)
    if worst is None:
        return ""
    if worst.max_abs == 0:
        return "Every value of every layer is the same to the last bit."
    return (
        f"Farthest is {worst.layer} in {bisection.lane}: {share(worst.relative)} of the layer's "
        "largest value."
    )


def share(value: float) -> str:
    """A share as text: 47 %, 0.32 %, or 6.2e-7 where a percentage would not help."""
    return f"{100 * value:.2g} %" if 1e-3 <= value < 1 else short(value)


def changes(pairing: Pairing) -> Iterator[str]:
    """What the conversion to a graph model changed, a sentence each."""
    assert pairing.matching is not None
    layers, graph = pairing.reference, pairing.other
    count = sum(not part.step_of for part in layers)
    yield (
        f"**{count} layers became {len(graph.parts)} operations**, matched by their "
        f"{pairing.matching.by}."
    )
    folded = [each for each in pairing.weights if "folded" in each.how]
    norms = dict.fromkeys(each.how.split()[1] for each in folded)
    if norms:
        yield (
            f"**{_count(len(norms), 'batch normalisation')} folded** into what is before: "
            f"{_named(list(norms))}. So the graph has {graph.parameters:,} parameters where the "
            f"layers have {layers.parameters:,}."
        )
    fused = [part for part in graph if part.settings.get("fused_ops")]
    if fused:
        yield (
            f"**{_count(len(fused), 'operation')} fused** with the bias or the activation that "
            "follows: one pass over the values in place of two or three."
        )
    if hidden := sum(part.hidden for part in graph):
        yield (
            f"**{_count(hidden, 'operation')} within a loop or a branch**: no runtime shows what "
            "they give, only what comes out of it."
        )
    idle = [each.layer for each in pairing.matching.matches if each.role == "idle"]
    if idle:
        yield f"**Left out**, since only training uses it: {_named(idle)}."
    if pairing.unmatched:
        yield f"**No counterpart was found** for {_named(list(pairing.unmatched))}."
    yield same_numbers(pairing, "The graph model")
    if named := next((each for each in pairing.weights if each.other), None):
        yield f"**Names** became scopes: what was `{named.weights[0]}` is `{named.other}`."


def same_numbers(pairing: Pairing, what: str) -> str:
    """Whether a stored form holds the reference's numbers. ``what`` begins the sentence."""
    stored = [each for each in pairing.weights if each.max_abs is not None]
    lost = len(pairing.weights) - len(stored)
    if not stored:
        return f"{what} has no numbers that could be compared."
    worst = max(stored, key=lambda each: each.max_abs or 0.0)
    largest = worst.max_abs or 0.0
    if largest == 0 and not lost:
        return f"{what} holds **the same numbers**, every one to the last bit."
    compared = _count(len(stored), "array")
    rest = f" {_count(lost, 'array')} could not be found in it." if lost else ""
    at = f"the largest difference is {short(largest)}, in {worst.weights[0]}"
    if all(each.equal for each in stored):
        return f"{what} holds **the same numbers**, but for rounding: {compared}, {at}.{rest}"
    return f"{what} holds **other numbers**: of {compared}, {at}.{rest}"


def shapes(outputs: Mapping[str, tuple[int, ...]], anatomy: Anatomy) -> dict[str, str]:
    """The shape of each part's output for one digit, as text: 28×28×16."""
    return {
        part.name: "×".join(map(str, outputs[part.name][1:]))
        for part in anatomy
        if part.name in outputs
    }


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - MANY} more" if len(names) > MANY else ""
    return ", ".join(names[:MANY]) + more
