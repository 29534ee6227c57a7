"""An evaluation as text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from models.command_line import output
from models.evaluate import readings
from models.lanes import Lane
from models.parity import figures

if TYPE_CHECKING:
    from rich.table import Table

    from models.dataset.remedy import Remedy

_PAIRS = 10  # of the classes that were confused most; JSON has more
_NAME = 24  # characters of a class's name beside a table


def write(
    result: dict[str, Any],
    reference: Lane,
    classes: Sequence[str],
    *,
    digits: bool,
    remedies: Sequence[Remedy] = (),
) -> None:
    """Print what ``models.parity.scores.report`` found, its cautions, what would mend the set, and
    what was read of a few pictures; ``digits`` need no names of classes.
    """
    for skipped in result["skipped"]:
        print(f"skipped {skipped['file']}: {skipped['reason']}")
    print(f"{result['images']:,} images, {result['labelled']:,} with a label")
    for where, count in result["labels"].items():
        print(f"  {count:,} labels from {where}")
    for remedy in remedies:
        print(f"{'Caution' if remedy.grave else 'Note'}: {remedy.said}")
    for caution in result["cautions"]:
        print(f"Caution: {caution}")
    for line in readings.lines(result.get("read", ())):
        print(f"  {line}")
    for lane in result["lanes"]:
        print("\n" + "\n".join(_lines(lane, reference, digits=digits)))
        if lane["accuracy"] is not None:
            _write_confusion(lane, classes, digits=digits)


def _lines(lane: dict[str, Any], reference: Lane, *, digits: bool) -> list[str]:
    """The figures of one lane as text."""
    lines = [f"{lane['format']} @ {lane['runtime']}"]
    if lane["error"] is not None:
        return [*lines, f"  no answer {lane['error']}"]
    if lane["accuracy"] is not None:
        low, high = lane["accuracy_interval"]
        interval = f"(95 % interval {low:.2%} to {high:.2%})"
        lines.append(f"  accuracy  {lane['accuracy']:.2%} {interval}")
    if lane.get("top5_accuracy") is not None:
        lines.append(f"  top 5     {lane['top5_accuracy']:.2%} have their label among five")
    if lane["agreement"] is not None:
        lines.append(
            f"  agreement {lane['agreement']:.2%} same "
            f"{'digit' if digits else 'class'} as {reference}, "
            f"max abs difference {figures.short(lane['max_abs_diff'])}, "
            f"mean {figures.short(lane['mean_abs_diff'])}"
        )
    speed = f"{lane['images_per_second']:,.0f} images/s, {lane['ms_per_image']:.3f} ms an image"
    lines.append(f"  speed     {speed}")
    return lines


def _write_confusion(lane: dict[str, Any], classes: Sequence[str], *, digits: bool) -> None:
    """The matrix of a few classes; of many, the pairs that were confused most."""
    if "confusion" in lane:
        counts = lane["confusion"]
        rows = [str(at) if digits else _row(at, classes) for at in range(len(counts))]
        print("  confusion (rows: label, columns: read as)")
        output.show("\n".join(_confusion(counts, rows)), partial(_confusion_table, counts, rows))
    elif pairs := lane["confused"]:
        print("  confused most")
        for each in pairs[:_PAIRS]:
            label, read = (_row(each[key], classes) for key in ("label", "read"))
            print(f"    {each['images']:>6,} {label}, read as {read}")


def _confusion(counts: Sequence[Sequence[int]], rows: Sequence[str]) -> list[str]:
    width = max(2, *map(len, rows))
    return [
        " " * (4 + width) + "".join(f"{each:>6}" for each in range(len(counts))),
        *(
            f"    {name:>{width}}" + "".join(f"{cell or '·':>6}" for cell in row)
            for name, row in zip(rows, counts, strict=True)
        ),
    ]


def _confusion_table(counts: Sequence[Sequence[int]], rows: Sequence[str]) -> Table:
    cells = (
        [name, *(str(cell or "·") for cell in row)] for name, row in zip(rows, counts, strict=True)
    )
    return output.grid("", *map(str, range(len(counts))), rows=cells)


def _row(at: int, classes: Sequence[str]) -> str:
    """A class's place, which is its column, and its name."""
    name = classes[at] if at < len(classes) else ""
    if name == str(at):  # nobody named it
        return name
    return f"{at} {name if len(name) <= _NAME else name[: _NAME - 1] + '…'}".rstrip()
