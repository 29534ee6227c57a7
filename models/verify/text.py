"""A verification as text: the table that the command prints, and its last lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from models.command_line import output
from models.dataset.sample_inputs import ComparedOn
from models.parity import conclusion as said
from models.parity import file_numbers
from models.parity.advice import recommendation
from models.parity.figures import fixed, percent, share
from models.parity.judgement import Judgement
from models.runtimes import server_lane
from models.verify import in_browser
from models.verify.verification import PLAIN_JAVASCRIPT, Verification

if TYPE_CHECKING:
    from rich.table import Table

_COLOURS = {
    "passed": "green",
    "differs": "bold red",
    "cannot be judged": "bold yellow",
    "cannot run": "bold yellow",
}


def heading(result: Verification, folder: Path) -> str:
    """Which model was compared with which of its lanes."""
    return f"{result.manifest.title} ({folder}): every lane against {reference(result)}"


def reference(result: Verification) -> str:
    """The reference, and which library answered for it."""
    return server_lane.described(result.reference.lane, result.manifest)


def compared_on(result: Verification, found: ComparedOn) -> str:
    """The inputs, and how far a lane may be off, of a model of several outputs each of them."""
    judges, names = result.reference.judges, result.reference.names
    bounds = [
        said.allowed(judge) if len(judges) == 1 else f"{name}: {said.allowed(judge)}"
        for name, judge in zip(names, judges, strict=True)
    ]
    return " ".join([f"{found.described}.", *bounds])


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
        "worst at": each.place,
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
    """What was found: cautions, the time of plain JavaScript, what the conversion changed and what
    the official converter makes without that, PASSED, FAILED, NOT JUDGED or NOT COMPARED, known
    limits, the sentence with the figures and the recommendation, a line each.
    """
    cautions = [f"Caution: {each}" for each in result.cautions]
    changes = [f"Built otherwise to be converted: {each}" for each in result.manifest.changes]
    lines = [
        *cautions,
        _plain_javascript(result),
        *in_browser.sentences(result.judgements, result.images),
        *changes,
        *map(_official, result.official),
        said.outcome(result.judgements, result.reference.lane, result.missing),
        *said.limits([*result.judgements, *result.official]),
        figures(result),
        *_numbers(result),
    ]
    return "\n".join([*filter(None, lines), result.recommendation.sentence])


def _official(each: Judgement) -> str:
    """What the official converter alone makes of a format, in a line."""
    why = f": {recommendation.cause(each.reason)}." if each.reason else "."
    return f"What the official converter alone makes, {each.lane}: {each.kind}{why}"


def _numbers(result: Verification) -> list[str]:
    """What is known of the numbers in the files."""
    kinds = {each.lane.weights for each in result.judgements if each.distance is not None}
    rounded = [
        f"The files' numbers, {kind}: not compared, since they are rounded on purpose."
        for kind in sorted(kinds - {"float32"})
    ]
    return [*file_numbers.sentences(result.numbers), *rounded]


def figures(result: Verification) -> str:
    """How far the reference is from exact and each format from it, in a sentence; empty where a
    tolerance was given, or nothing was compared.
    """
    found = result.reference
    return said.figures(result.judgements, found.lane, found.own, found.estimated)


def _plain_javascript(result: Verification) -> str:
    """How much of the time plain JavaScript took, and for how many inputs."""
    lanes = [each for each in result.judgements if each.inputs]
    plain = [each for each in lanes if each.lane.runtime == PLAIN_JAVASCRIPT]
    if not plain:
        return ""
    taken = sum(each.seconds for each in plain)
    part = percent(taken / (sum(each.seconds for each in lanes) or 1.0))
    return (
        f"Plain JavaScript ({PLAIN_JAVASCRIPT}) was asked for {plain[0].inputs:,} of the "
        f"{result.images:,} inputs, which took {fixed(taken, 1)} s, {part} of all lanes' time."
    )
