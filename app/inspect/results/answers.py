"""What the answers to the ready pictures say, in words: for the card, and sentence by sentence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.inspect.results.judged import Judged
from app.inspect.results.words import for_pages, joined, original
from models.lanes import spoken
from models.parity.figures import plain
from models.parity.judgement import Judgement
from models.parity.verdict import Verdict


def with_answers(
    said: Verdict, found: Judged | None, called: str, *, is_whole: bool = True
) -> Verdict:
    """The verdict on one picture, with what ``called`` pictures say: ``100 ready digits``.

    ``is_whole`` unless lanes have yet to answer the one picture.
    """
    if found is None:
        return said
    differing = _of(found.judgements, "differs")
    if said.kind == "agree" and differing:
        one = len({each.lane.format for each in differing}) == 1
        picture = f"Not with this picture{'' if is_whole else ' so far'}"
        answers = f"{_who(differing, found)} {'answers' if one else 'answer'} {called} otherwise"
        said = replace(said, kind="differ", headline=f"{picture}, but {answers}.")
    detail = joined(said.detail, outcome(found, called), _cost(said, found))
    return replace(said, detail=detail)


def outcome(found: Judged, called: str) -> str:
    """How many versions answer the pictures like the original, or which do not, and by how much."""
    base = original(found.reference)
    answered = [each for each in found.judgements if each.kind in ("passed", "differs")]
    if differing := _of(answered, "differs"):
        numbers = [each for each in differing if each.by == "numbers"]
        if len(numbers) == len(differing):
            return (
                f"{_who(differing, found, first=True)}: {called} are answered alike, but the files "
                f"hold other numbers than those of {base}."
            )
        far = [each.distance for each in differing if each.distance is not None]
        worst = max(far, key=_size, default=None)
        by = "" if worst is None else f", by up to {plain(worst)} of the answers' scale"
        if len(differing) == len(answered):
            return f"{called[0].upper()}{called[1:]} are answered otherwise than by {base}{by}."
        return f"On {called}, not like {base}: {_who(differing, found)}{by}."
    if unjudged := _of(found.judgements, "cannot be judged"):
        return (
            f"On {called}, rounding alone may change the answers completely: whether "
            f"{_who(unjudged, found)} answer like {base} cannot be told."
        )
    if not answered:
        return f"No version answered {called}."
    if not any(each.lane.in_browser for each in found.judgements):
        answer = "answers" if len(answered) == 1 else "answer"
        return f"{_who(answered, found, first=True)} {answer} {called} like {base}, too."
    count = len(answered)
    who = "the other version answers" if count == 1 else f"all {count} other versions answer"
    if _of(found.judgements, "cannot run"):
        who = f"{count} version{'s answer' if count > 1 else ' answers'}"
    return f"{who[0].upper()}{who[1:]} {called} like {base}, too."


def sentences(found: Judged, called: str) -> Iterator[str]:
    """All that is found of the ready pictures, a sentence each."""
    yield outcome(found, called)
    unable = _of(found.judgements, "cannot run")
    if unable:
        yield f"Without an answer: {_who(unable, found)}."
    yield from map(for_pages, found.sentences)


def _who(judgements: Sequence[Judgement], found: Judged, *, first: bool = False) -> str:
    who = spoken([each.lane for each in judgements], found.reference)
    return f"{who[0].upper()}{who[1:]}" if first else who


def _of(judgements: Sequence[Judgement], kind: str) -> list[Judgement]:
    return [each for each in judgements if each.kind == kind]


def _cost(said: Verdict, found: Judged) -> str:
    """What rounded weights differ by is their price; empty where none is rounded."""
    kinds = sorted({each.lane.weights for each in found.judgements} - {"float32"})
    if said.kind != "differ" or not kinds:
        return ""
    return f"That is what {kinds[0]} weights cost."


def _size(distance: float) -> float:
    return math.inf if math.isnan(distance) else distance
