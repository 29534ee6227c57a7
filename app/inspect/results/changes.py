"""What the conversion changed, in sentences, from the files alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from models.formats.anatomy import Pairing
from models.lanes import Format
from models.parity.figures import plain

MANY = 4  # names in one sentence


def sentences(pairings: Mapping[Format, Pairing]) -> list[str]:
    """What is said of every format; nothing where there is nothing that it was made from."""
    said: list[str] = []
    for form, pairing in reversed(list(pairings.items())):
        if pairing.matching is not None:
            said += of_graph(pairing)
        elif pairing.reference.format != form:
            said.append(same_numbers(pairing, f"The {form} model"))
    return said


def of_graph(pairing: Pairing) -> Iterator[str]:
    """What the conversion to a graph model changed, a sentence each."""
    assert pairing.matching is not None
    layers, graph = pairing.reference, pairing.other
    yield same_numbers(pairing, "The graph model")
    count = sum(not part.step_of for part in layers)
    yield (
        f"**{count} layers became {len(graph.parts)} operations**, matched by their "
        f"{pairing.matching.by}."
    )
    folded = [each for each in pairing.weights if "folded" in each.how]
    norms = dict.fromkeys(each.how.split()[1] for each in folded)
    if norms:
        yield (
            f"**{_count(len(norms), 'batch normalisation')} folded** into the layer before, so the "
            f"graph has {graph.parameters:,} parameters where the layers have "
            f"{layers.parameters:,}."
        )
    fused = [part for part in graph if part.settings.get("fused_ops")]
    if fused:
        yield f"**{_count(len(fused), 'operation')} fused** with the bias or activation after it."
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


def names(pairing: Pairing) -> str:
    """How the names of weights changed; empty where none has a counterpart."""
    named = next((each for each in pairing.weights if each.other), None)
    return f"What was `{named.weights[0]}` is `{named.other}` there." if named else ""


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
    at = f"the largest difference is {plain(float(largest))}, in {worst.weights[0]}"
    if all(each.equal for each in stored):
        return f"{what} holds **the same numbers**, but for rounding: {compared}, {at}.{rest}"
    return f"{what} holds **other numbers**: of {compared}, {at}.{rest}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - MANY} more" if len(names) > MANY else ""
    return ", ".join(names[:MANY]) + more
