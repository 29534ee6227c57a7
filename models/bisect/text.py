"""What was found, in sentences and tables: on a terminal, and on the Inspect page."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from models.bisect.bisection import Bisection
from models.bisect.layer_difference import LayerDifference
from models.bisect.search import Search
from models.bisect.sentences import numbers
from models.command_line import output
from models.parity import explanation
from models.parity.figures import share
from models.parity.judgement import Judgement
from models.parity.set_verdict import many
from models.runtimes import server_lane

if TYPE_CHECKING:
    from rich.table import Table

_FEW = 5  # arrays that are named
_FIGURES = ("max abs", "mean abs", "relative", "own", "allowed")


def show(result: Search) -> None:
    """Print what was found to standard output."""
    print("\n".join(summary(result)))
    for lane, found in result.bisections.items():
        judged = next((each for each in result.judgements if each.lane == lane), None)
        print("\n" + "\n".join([f"{lane} against {found.reference}", *conclusion(found, judged)]))
        if found.differences:
            output.show("\n".join(_plain(found)), partial(_rich, found))


def summary(result: Search) -> list[str]:
    """How each lane was judged, and which of them were looked into."""
    lines = [*result.assumed]
    if result.judgements and result.inputs is not None:
        lines.append(f"Judged on {result.inputs.described}:")
    lines += [f"{each.lane}: {_judged(each)}" for each in result.judgements]
    if result.judgements and not result.failed:
        ran = any(each.distance is not None for each in result.judgements)
        said = "No lane differs" if ran else "No lane could be compared"
        lines.append(f"{said}: there is no layer to name.")
    if any(each.differences for each in result.bisections.values()):
        against = server_lane.described(result.reference)
        lines.append(f"Layer by layer, on {many(result.images, 'input')}, against {against}:")
    return lines


def _judged(each: Judgement) -> str:
    return each.kind if each.reason is None else f"{each.kind}. {each.reason}"


def conclusion(found: Bisection, judged: Judgement | None = None) -> list[str]:
    """Where a lane diverges and what is known of that, a line each."""
    limits = [
        f"  Known limit {row.name}: {row.happens} {row.way_out}"
        for row in explanation.rows([judged] if judged else [])
    ]
    if found.error is not None:
        what = "looked into" if judged is not None and judged.kind == "differs" else "run"
        lines = [f"  It could not be {what}: {found.error}", *limits]
        return lines + [f"  - {suspect}" for suspect in found.suspects]
    if found.first is None:
        lines = _no_layer(found, differs=judged is not None and judged.kind == "differs")
    else:
        step = found.first.layer.removeprefix(found.first.of) if found.first.step_of else ""
        lines = [f"  They part at {found.layer}{step}. {_shown_by(found, found.first)}"]
        if len(found.together) > 1:
            lines.append(f"  One operation computes {', '.join(found.together)}.")
        lines += [f"  - {suspect}" for suspect in found.suspects]
        lines += [f"  {each}" for each in numbers(found)]
        if found.also:
            lines.append(f"  Errors of their own have also: {', '.join(found.also)}.")
        lines += limits
    if found.unmatched:
        lines.append(f"  Not compared, no counterpart found: {', '.join(found.unmatched)}.")
    return lines


def _shown_by(found: Bisection, first: LayerDifference) -> str:
    if found.by == "own error":
        return f"Given the reference's inputs, {_off(first)}."
    why = f" ({first.own_problem})" if first.own_problem else ""
    alone = f" It could not be run alone{why}." if found.by else ""
    apart = first.problem or f"it is {share(first.relative)} of its largest value off"
    return f"There {apart}.{alone}"


def _off(first: LayerDifference) -> str:
    if first.own_problem:
        return first.own_problem
    if first.own is None or not math.isfinite(first.own):
        return "it gives NaN or infinity"
    return (
        f"it is {share(first.own)} of its largest value off, where {share(first.own_allowed)} may "
        "be rounding"
    )


def _no_layer(found: Bisection, *, differs: bool) -> list[str]:
    owns = [each for each in found.differences if each.own is not None]
    nearest = max(owns, key=lambda each: (each.own or 0.0) / each.own_allowed, default=None)
    lines = [
        f"  No layer parts: {len(found.differences)} compared, {len(owns)} of them alone too, from "
        "the reference's inputs."
    ]
    if differs and not owns:
        lines = ["  No layer could be compared alone, so none can be named."]
    elif found.suspects:
        lines = ["  No layer has an error of its own on these inputs. Numbers in the files differ:"]
        lines += [f"  - {suspect}" for suspect in found.suspects[:_FEW]]
        lines += [f"  - {more:,} more"] if (more := len(found.suspects) - _FEW) > 0 else []
    elif differs and found.unmatched:
        lines = [
            "  No layer that was compared has an error of its own that rounding does not explain: "
            "look at those that were not."
        ]
    elif differs:
        lines = [
            "  No layer has an error of its own that rounding does not explain: small ones add up."
        ]
    if nearest is not None and nearest.own:
        lines.append(
            f"  Nearest to its bound is {nearest.layer}: {share(nearest.own)} of "
            f"{share(nearest.own_allowed)}."
        )
    lines.append(f"  Smallest tolerance that all pass: {found.smallest_rtol:.1e}.")
    return lines


def cells(difference: LayerDifference) -> list[str]:
    """The figures of one layer, and the place of the largest difference."""
    figures = (difference.max_abs, difference.mean_abs, difference.relative)
    alone = (difference.own, None if difference.own is None else difference.own_allowed)
    place = str(difference.problem or list(difference.worst))
    return [
        *(f"{value:.2e}" for value in figures),
        *("" if value is None else f"{value:.2e}" for value in alone),
        place,
    ]


def _marked(found: Bisection, each: LayerDifference) -> bool:
    return each.faulty or each is found.first


def _plain(found: Bisection) -> list[str]:
    """The table of one lane, with one line for each layer."""
    head = "".join(f" {each:>9}" for each in _FIGURES)
    lines = [f"  {'layer':24}{head}  worst at (input first)"]
    for each in found.differences:
        *figures, worst = cells(each)
        mark = "✗" if _marked(found, each) else " "
        lines.append(f"{mark} {each.layer:24}{''.join(f' {one:>9}' for one in figures)}  {worst}")
    return lines


def _rich(found: Bisection) -> Table:
    """The same table for a terminal."""
    from rich.text import Text

    rows = (
        [Text(each.layer, "bold red" if _marked(found, each) else ""), *map(Text, cells(each))]
        for each in found.differences
    )
    return output.grid("layer", *_FIGURES, "worst at (input first)", rows=rows)
