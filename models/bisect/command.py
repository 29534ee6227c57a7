"""``digit-parity bisect``, also ``python -m models.bisect``: the first layer where formats diverge.

Exit codes: 0 no layer diverges, 1 a layer diverges, 2 the formats could not be compared.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from models import dataset
from models.bisect.bisection import Bisection, bisect
from models.bisect.layer_difference import RTOL, LayerDifference
from models.command_line import ending, options, output
from models.command_line.verb import verb
from models.errors import InputError, ModelError
from models.formats import manifest as manifests
from models.formats import safety, store
from models.lanes import CONVERTED, TENSORFLOW, Lane, Pixels, Weights
from models.runtimes import activations
from models.runtimes.log_filter import quiet

if TYPE_CHECKING:
    from rich.table import Table

DIGITS = 10
RUNTIMES = (TENSORFLOW, "tfjs/wasm", "tfjs/cpu")
_FIGURES = ("max abs", "mean abs", "relative")


@verb(failure=2, examples=("", "mine --format graph --runtime tfjs/wasm"))
@options.model_argument
@options.form(CONVERTED)
@click.option("--runtime", type=click.Choice(RUNTIMES), default=TENSORFLOW)
@options.weights("--weights", default="float32", help="How they are stored; float32 unless given.")
@options.data("Digits to use; ready ones unless given.")
@click.option("--digits", type=int, default=DIGITS, help=f"How many; {DIGITS} unless given.")
@click.option(
    "--rtol", type=float, default=RTOL, help=f"Of a layer's largest magnitude; default {RTOL:g}."
)
@options.json_flag("Print JSON, one object a lane.")
def command(
    *,
    model: str,
    form: str,
    runtime: str,
    weights: Weights,
    data: Path | None,
    digits: int,
    rtol: float,
    as_json: bool,
) -> int:
    """Where do two formats part? Layer by layer, to the first.

    Real digits go through the reference (Keras, or the layers model where there is no .h5) and
    through each other format; what every layer gives is compared, from the first to the last. The
    first layer beyond the tolerance is named, with what differs there in the files: numbers or
    settings.

    Exit codes: 0 no layer parts, 1 a layer parts, 2 the formats could not be compared.
    """
    quiet()
    with output.progress("Starting TensorFlow"):
        folder = store.find(model)
        if not (np.isfinite(rtol) and rtol >= 0):
            raise InputError(f"The tolerance is {rtol}. Expected a number of 0 or more.")
        pixels = _digits(data, digits)
        manifest = manifests.read(folder)
        safety.check_model(folder, manifest)
        base = manifest.reference
        reference = activations.load(folder, base.format).trace(pixels)
        results = [
            bisect(folder, lane, pixels, reference=reference, rtol=rtol)
            for lane in _lanes(folder, form, runtime, weights)
        ]
    if as_json:
        print(json.dumps([_as_json(each) for each in results]))
    else:
        _print(results, rtol)
    if any(each.error for each in results):
        return 2
    return 1 if any(each.first for each in results) else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return ending.run(lambda: command, "python -m models.bisect", arguments)


def _print(results: Sequence[Bisection], rtol: float) -> None:
    for number, result in enumerate(results):
        if number:
            print()
        print("\n".join([f"{result.lane} against {result.reference}", *_conclusion(result, rtol)]))
        if result.differences:
            output.show("\n".join(_plain(result)), partial(_rich, result))


def _digits(data: Path | None, count: int) -> Pixels:
    path = data or store.EXAMPLES
    digits = dataset.read_path(path, dataset.Options())
    if count < 1 or not len(digits):
        raise InputError(
            f"There are no digits to compare with: {count} of {len(digits)} in {path}."
        )
    return digits.pixels(0, min(count, len(digits)))


def _lanes(folder: Path, form: str, runtime: str, weights: Weights) -> list[Lane]:
    """Every lane of the model but the reference, or that of one format."""
    manifest = manifests.read(folder)
    lanes = [
        Lane(each, runtime, weights)
        for each in reversed(CONVERTED)  # the layers model, most like the reference, first
        if form in (each, "all") and manifests.stored_form(each, weights) in manifest.lanes
    ]
    others = [lane for lane in lanes if lane != manifest.reference]
    if not others:
        raise ModelError(f"{folder} has no {form} model with {weights} weights to compare.")
    return others


def _cells(difference: LayerDifference) -> list[str]:
    """The figures of one layer, and the place of the largest difference."""
    figures = (difference.max_abs, difference.mean_abs, difference.relative)
    place = str(difference.problem or list(difference.worst))
    return [*(f"{value:.2e}" for value in figures), place]


def _plain(result: Bisection) -> list[str]:
    """The table of one lane, with one line for each layer."""
    head = "".join(f" {each:>9}" for each in _FIGURES)
    lines = [f"  {'layer':24}{head}  worst at (digit first)"]
    for each in result.differences:
        *figures, worst = _cells(each)
        mark = " " if each.passed else "✗"
        lines.append(f"{mark} {each.layer:24}{''.join(f' {one:>9}' for one in figures)}  {worst}")
    return lines


def _rich(result: Bisection) -> Table:
    """The same table for a terminal."""
    from rich.text import Text

    rows = (
        [Text(each.layer, "" if each.passed else "bold red"), *map(Text, _cells(each))]
        for each in result.differences
    )
    return output.grid("layer", *_FIGURES, "worst at (digit first)", rows=rows)


def _conclusion(result: Bisection, rtol: float) -> list[str]:
    if result.error is not None:
        lines = [f"  It could not be run: {result.error}"]
    elif result.first is None:
        lines = [
            f"  No layer parts: {len(result.differences)} compared, each within {rtol:g} of its "
            f"largest magnitude. Smallest tolerance that passes: {result.smallest_rtol:.1e}."
        ]
    else:
        lines = [f"  They part at {result.first.layer}."]
        if len(result.together) > 1:
            lines.append(f"  One operation computes {', '.join(result.together)}.")
        if not result.suspects:
            lines.append(
                "  The files hold the same numbers and settings there: look at the runtime."
            )
    lines += [f"  - {suspect}" for suspect in result.suspects]
    if result.unmatched:
        lines.append(f"  Not compared, no counterpart found: {', '.join(result.unmatched)}.")
    return lines


def _as_json(result: Bisection) -> dict[str, Any]:
    def number(value: float) -> float | None:
        return value if np.isfinite(value) else None

    def row(each: LayerDifference) -> dict[str, Any]:
        plain = asdict(each) | {"relative": each.relative, "passed": each.passed}
        return {k: number(v) if isinstance(v, float) else v for k, v in plain.items()}

    return {
        "lane": str(result.lane),
        "reference": str(result.reference),
        "first": result.first and result.first.layer,
        "together": result.together,
        "suspects": result.suspects,
        "unmatched": result.unmatched,
        "smallest_rtol": number(result.smallest_rtol),
        "error": result.error,
        "layers": [row(each) for each in result.differences],
    }
