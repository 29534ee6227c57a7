"""A verification as text: the table that the command prints, and its last lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from models.command_line import output
from models.dataset import Dataset
from models.lanes import Lane
from models.parity.agreement import Agreement
from models.parity.figures import short
from models.verify.verification import Check, Verification

if TYPE_CHECKING:
    from rich.table import Table

_FIGURES = ("max", "mean", "median", "p99")
_COLOURS = {"PASSED": "green", "FAILED": "bold red", "NO ANSWER": "bold yellow"}


def heading(result: Verification, folder: Path) -> str:
    """Which model was compared with which of its lanes."""
    return f"{result.manifest.title} ({folder}): every lane against {result.manifest.reference}"


def compared_on(result: Verification, digits: Dataset) -> str:
    """The digits and the tolerance."""
    varied = sum(name.endswith(" varied") for name in digits.names)
    note = f", {varied:,} of them variations of the others" if varied else ""
    tolerance = f"Tolerance: atol {result.atol:g}, rtol {result.rtol:g}."
    return f"{result.images:,} digits{note}. {tolerance}"


def show(result: Verification, *, file: TextIO | None = None) -> None:
    """Print the table, to standard output unless ``file`` is given."""
    output.show(table(result), lambda: _rich(result), file=file)


def _rich(result: Verification) -> Table:
    """The table for a terminal."""
    from rich.text import Text

    grid = output.grid("lane", "same top", "diff", *_FIGURES, "passes from", "verdict")
    for check in result.checks:
        outcome = Text(check.outcome, _COLOURS.get(check.outcome, "dim"))
        if check.agreement is None:
            grid.add_row(Text(f"{check.lane}\n{check.error}"), *[""] * 7, outcome)
            continue
        texts = cells(check)
        figures = [f"{texts[f'absolute {each}']}\n{texts[f'relative {each}']}" for each in _FIGURES]
        worst = Text(f"{check.lane}\n").append(f"worst at {texts['worst at']}", "dim")
        passes = texts["passes from atol"]
        grid.add_row(worst, texts["same top"], "abs\nrel", *figures, passes, outcome)
    return grid


def table(result: Verification) -> str:
    """Two lines for each lane: absolute differences and outcome, relative ones and worst place."""
    figures = "".join(f"{each:>9}" for each in _FIGURES)
    head = f"{'lane':<28}{'same top':>9}  diff{figures}  passes from  verdict"
    return "\n".join([head, *(line for check in result.checks for line in _rows(check))])


def _rows(check: Check) -> list[str]:
    if check.agreement is None:
        return [f"{check.lane!s:<28}{check.outcome}: {check.error}"]
    texts = cells(check)
    absolute, relative = (
        "".join(f"{texts[f'{kind} {each}']:>9}" for each in _FIGURES)
        for kind in ("absolute", "relative")
    )
    return [
        f"{check.lane!s:<28}{texts['same top']:>9}  abs {absolute}"
        f"  {texts['passes from atol']:>11}  {check.outcome}",
        f"{'':<39}rel {relative}  worst at {texts['worst at']}",
    ]


def cells(check: Check) -> dict[str, str]:
    """Every figure of a lane that answered as text, by name."""
    agreement = check.agreement
    assert agreement is not None
    texts = {"same top": f"{agreement.same_top:.2%}"}
    for kind, summary in (("absolute", agreement.absolute), ("relative", agreement.relative)):
        texts |= {f"{kind} {name}": short(value) for name, value in vars(summary).items()}
    texts["worst at"] = _place(agreement)
    texts["passes from atol"] = short(agreement.smallest_atol)
    return texts


def difference(check: Check, reference: Lane) -> str:
    """How far a lane is from the reference, in words."""
    agreement = check.agreement
    assert agreement is not None
    return (
        f"It differs from {reference} by up to {short(agreement.absolute.max)} "
        f"({_place(agreement)}) and would pass from atol {short(agreement.smallest_atol)} on; "
        f"given was {agreement.atol:g}."
    )


def summary(result: Verification) -> str:
    """The last lines: the files first, then PASSED, FAILED or NOT COMPARED."""
    return "\n".join([*_files(result), conclusion(result)])


def _files(result: Verification) -> list[str]:
    if not result.changed:
        return ["Files: all are those that the manifest lists."]
    return [
        f"Files: {len(result.changed)} missing or not as the manifest lists them: "
        f"{', '.join(result.changed)}. The numbers are judged all the same:"
    ]


def conclusion(result: Verification) -> str:
    """PASSED, FAILED or NOT COMPARED, with the lanes that are the reason."""
    reference = result.manifest.reference
    judged = [check for check in result.checks if check.judged]
    for outcome, sentence in (
        ("FAILED", "FAILED: {} of {} lanes do not answer like {}: {}."),
        ("NO ANSWER", "NOT COMPARED: {} of {} lanes gave no answer to compare with {}: {}."),
    ):
        if lanes := [str(check.lane) for check in judged if check.outcome == outcome]:
            return sentence.format(len(lanes), len(judged), reference, ", ".join(lanes))
    worst = max((each.agreement.absolute.max for each in judged if each.agreement), default=0.0)
    return f"PASSED: {len(judged)} lanes answer like {reference}, within {short(worst)}."


def _place(agreement: Agreement) -> str:
    image, label = agreement.worst
    return f"image {image}, class {label}"
