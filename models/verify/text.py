"""A verification as text: the table that the command prints, and its last lines."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from models.command_line import output
from models.dataset import Dataset
from models.lanes import CONVERTED, Format
from models.parity import file_numbers
from models.parity.figures import fixed, percent, share
from models.parity.judgement import ByRule, Judgement
from models.parity.set_verdict import many
from models.runtimes import server_lane
from models.verify import explanation
from models.verify.verification import PLAIN_JAVASCRIPT, Verification

if TYPE_CHECKING:
    from rich.table import Table

_COLOURS = {"passed": "green", "differs": "bold red", "cannot run": "bold yellow"}
_FEW = 9  # names that a list shows


def heading(result: Verification, folder: Path) -> str:
    """Which model was compared with which of its lanes."""
    return f"{result.manifest.title} ({folder}): every lane against {reference(result)}"


def reference(result: Verification) -> str:
    """The reference, and which library answered for it."""
    return server_lane.described(result.reference.lane)


def compared_on(result: Verification, digits: Dataset) -> str:
    """The digits, and how far a lane may be off."""
    varied = sum(name.endswith(" varied") for name in digits.names)
    note = f", {varied:,} of them variations of the others" if varied else ""
    judge = result.reference.judge
    if not isinstance(judge, ByRule):
        tolerance = f"Tolerance: atol {judge.atol:g}, rtol {judge.rtol:g}."
        return f"{result.images:,} digits{note}. {tolerance}"
    of = "logits" if judge.head == "softmax" else "answers"
    return f"{result.images:,} digits{note}. Bound: {share(judge.bound)} of the {of}' scale."


def show(result: Verification, *, file: TextIO | None = None) -> None:
    """Print the table, to standard output unless ``file`` is given."""
    output.show(table(result), lambda: _rich(result), file=file)


def _rich(result: Verification) -> Table:
    """The table for a terminal."""
    from rich.text import Text

    grid = output.grid("lane", "same top", "distance", "bound", "worst at", "judgement")
    for each in result.judgements:
        kind = Text(each.kind, _COLOURS.get(each.kind, "dim"))
        lane = Text(str(each.lane))
        if each.distance is None and each.reason:
            lane.append(f"\n{each.reason}", "dim")
        grid.add_row(lane, *cells(each).values(), kind)
    return grid


def table(result: Verification) -> str:
    """A line for each lane: its figures and its judgement, or why it has none."""
    head = f"{'lane':<28}{'same top':>9}{'distance':>10}{'bound':>10}  {'worst at':<24}judgement"
    return "\n".join([head, *map(_row, result.judgements)])


def _row(each: Judgement) -> str:
    if each.distance is None:
        return f"{each.lane!s:<28}{each.kind}: {each.reason}"
    same, distance, bound, worst = cells(each).values()
    return f"{each.lane!s:<28}{same:>9}{distance:>10}{bound:>10}  {worst:<24}{each.kind}"


def cells(each: Judgement) -> dict[str, str]:
    """Every figure of a lane as text, by name; empty where there is none."""
    return {
        "same top": "" if each.same_top is None else f"{each.same_top:.2%}",
        "distance": "" if each.distance is None else share(each.distance),
        "bound": "" if each.bound is None else share(each.bound),
        "worst at": "" if each.worst is None else f"image {each.worst[0]}, class {each.worst[1]}",
    }


def summary(result: Verification) -> str:
    """The last lines: the files first, then what ``conclusion`` says."""
    return "\n".join([*_files(result), conclusion(result)])


def _files(result: Verification) -> list[str]:
    if not result.changed:
        return ["Files: all are those that the manifest lists."]
    return [
        f"Files: {len(result.changed)} missing or not as the manifest lists them: "
        f"{', '.join(result.changed)}. The numbers are judged all the same:"
    ]


def conclusion(result: Verification) -> str:
    """What was found: cautions, the time of plain JavaScript, PASSED, FAILED or NOT COMPARED, known
    limits, the sentence with the figures and the recommendation, a line each.
    """
    cautions = [f"Caution: {each}" for each in result.cautions]
    limits = [
        f"Known limit {row.name}: {row.happens} {row.way_out}"
        for row in explanation.rows(result.judgements)
    ]
    numbers = file_numbers.sentences(result.numbers)
    if kinds := {each.lane.weights for each in result.judgements if each.distance is not None}:
        numbers += [
            f"The files' numbers, {kind}: not compared, since they are rounded on purpose."
            for kind in sorted(kinds - {"float32"})
        ]
    lines = [*cautions, _plain_javascript(result), _outcome(result), *limits]
    lines += [figures(result), *numbers]
    return "\n".join([*filter(None, lines), result.recommendation.sentence])


def _outcome(result: Verification) -> str:
    compared = [each for each in result.judgements if each.distance is not None]
    reference = result.reference.lane
    if failed := result.lanes("differs"):
        answers = [each for each in failed if each.by == "answers"]
        numbers = [each for each in failed if each.by == "numbers"]
        said = [f"do not answer like {reference}: {_names(answers)}"] if answers else []
        if numbers:
            said.append(
                f"answer like {reference} within rounding, but their files hold other numbers: "
                f"{_names(numbers)}"
            )
        counts = [len(each) for each in (answers, numbers) if each]
        parts = [
            f"{n} of {len(compared)} lanes {part}." for n, part in zip(counts, said, strict=True)
        ]
        return f"FAILED: {' '.join(parts)}"
    unable = result.lanes("cannot run")
    if result.missing or not compared:
        forms = f" Required: {' and '.join(result.missing)}." if result.missing else ""
        which = f" These cannot run: {_names(unable)}." if unable else ""
        answered = f"{many(len(compared), 'lane')} answered" if compared else "no lane answered"
        return f"NOT COMPARED: {answered}.{forms}{which}"
    left = f" {len(unable)} cannot run: {_names(unable)}." if unable else ""
    count = f"{len(compared)} lane{'s answer' if len(compared) > 1 else ' answers'}"
    worst = max(each.distance or 0.0 for each in compared)
    return f"PASSED: {count} like {reference}, within {share(worst)}.{left}"


def figures(result: Verification) -> str:
    """How far the reference is from exact and each format from it, in a sentence; empty where a
    tolerance was given, or nothing was compared.
    """
    found = result.reference
    farthest = [each for form in CONVERTED if (each := _farthest(result, form)) is not None]
    if found.own is None or not farthest:
        return ""
    name = "Keras" if found.lane.format == "keras" else f"The {found.lane.format} model"
    lanes = ", ".join(
        f"the {each.lane.format} model on {each.lane.runtime} {share(each.distance or 0.0)}"
        for each in farthest
    )
    lost = [each.lane.format for each in farthest if each.kind == "differs"]
    kept = (
        f"the conversion to {' and to '.join(lost)} did not keep your model"
        if lost
        else "the conversion kept your model"
    )
    if found.estimated is None:
        return f"{name} is {share(found.own)} from exact arithmetic, {lanes}: {kept}."
    return (
        f"Exact arithmetic cannot be had: {found.estimated} Rounding moves {found.lane} by about "
        f"{share(found.own)}; from it is {lanes}: {kept}."
    )


def _farthest(result: Verification, form: Format) -> Judgement | None:
    """The lane of a format that is farthest off, NaN first; of TensorFlow.js if that was asked."""
    asked = [each for each in result.judgements if each.lane.format == form]
    ours = any(each.lane.in_browser and each.kind != "not tried" for each in asked)
    lanes = [
        each for each in asked if each.distance is not None and (each.lane.in_browser or not ours)
    ]
    lanes = [each for each in lanes if each.lane.weights == "float32"] or lanes
    return max(lanes, key=_far, default=None)


def _far(each: Judgement) -> float:
    return math.inf if each.distance is None or math.isnan(each.distance) else each.distance


def _plain_javascript(result: Verification) -> str:
    """How much of the time plain JavaScript took, and for how many digits."""
    lanes = [each for each in result.judgements if each.inputs]
    plain = [each for each in lanes if each.lane.runtime == PLAIN_JAVASCRIPT]
    if not plain:
        return ""
    taken = sum(each.seconds for each in plain)
    part = percent(taken / (sum(each.seconds for each in lanes) or 1.0))
    return (
        f"Plain JavaScript ({PLAIN_JAVASCRIPT}) was asked for {plain[0].inputs:,} of the "
        f"{result.images:,} digits, which took {fixed(taken, 1)} s, {part} of all lanes' time."
    )


def _names(lanes: list[Judgement]) -> str:
    names = [str(each.lane) for each in lanes]
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    return ", ".join(names[:_FEW]) + more
