"""``python -m models.bisect [MODEL]``: where do two formats part? Layer by layer, to the first.

Real digits go through the reference (Keras, or the layers model where there is no .h5) and through
each other format; what every layer gives is compared, from the first to the last. The first layer
beyond the tolerance is named, with what differs there in the files: numbers or settings.

Exit codes: 0 no layer parts, 1 a layer parts, 2 the formats could not be compared.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from models import dataset
from models.bisect.bisection import Bisection, bisect
from models.bisect.layer_difference import RTOL, LayerDifference
from models.errors import DigitParityError, InputError, ModelError
from models.formats import manifest as manifests
from models.formats import store
from models.lanes import TENSORFLOW, WEIGHTS, Format, Lane, Pixels, Weights
from models.runtimes import activations
from models.runtimes.log_filter import quiet

DIGITS = 10
RUNTIMES = (TENSORFLOW, "tfjs/wasm", "tfjs/cpu")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    given = _parser().parse_args(arguments)
    quiet()
    try:
        folder = store.find(given.model)
        if not (np.isfinite(given.rtol) and given.rtol >= 0):
            raise InputError(f"The tolerance is {given.rtol}. Expected a number of 0 or more.")
        pixels = _digits(given.data, given.digits)
        base = manifests.read(folder).reference
        reference = activations.load(folder, base.format).trace(pixels)
        found = [
            bisect(folder, lane, pixels, reference=reference, rtol=given.rtol)
            for lane in _lanes(folder, given.format, given.runtime, given.weights)
        ]
    except DigitParityError as error:
        print(error, file=sys.stderr)
        return 2
    if given.json:
        print(json.dumps([_as_json(each) for each in found]))
    else:
        print("\n\n".join("\n".join(_lines(each, given.rtol)) for each in found))
    if any(each.error for each in found):
        return 2
    return 1 if any(each.first for each in found) else 0


def _parser() -> argparse.ArgumentParser:
    summary, _, rest = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        "python -m models.bisect",
        description=summary,
        epilog=rest,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "model",
        nargs="?",
        default=store.DEFAULT,
        metavar="MODEL",
        help=f"a model's folder or name (default: {store.DEFAULT})",
    )
    parser.add_argument("--format", choices=["graph", "layers", "all"], default="all")
    parser.add_argument("--runtime", choices=RUNTIMES, default=TENSORFLOW)
    parser.add_argument("--weights", choices=WEIGHTS, default="float32", help="how they are stored")
    parser.add_argument("--data", type=Path, help="digits to use; ready ones unless given")
    parser.add_argument("--digits", type=int, default=DIGITS, help=f"how many ({DIGITS})")
    parser.add_argument(
        "--rtol", type=float, default=RTOL, help=f"of a layer's largest magnitude ({RTOL:g})"
    )
    parser.add_argument("--json", action="store_true", help="print JSON, one object a lane")
    return parser


def _digits(data: Path | None, count: int) -> Pixels:
    path = data or store.folder(store.DEFAULT) / "examples.npz"
    digits = dataset.read_path(path, dataset.Options())
    if count < 1 or not len(digits):
        raise InputError(
            f"There are no digits to compare with: {count} of {len(digits)} in {path}."
        )
    return digits.pixels(0, min(count, len(digits)))


def _lanes(folder: Path, form: str, runtime: str, weights: Weights) -> list[Lane]:
    """Every other lane of the model, or of one format of it."""
    manifest = manifests.read(folder)
    formats: tuple[Format, ...] = ("layers", "graph")
    lanes = [
        Lane(each, runtime, weights)
        for each in formats
        if form in (each, "all") and manifests.stored_form(each, weights) in manifest.lanes
    ]
    others = [lane for lane in lanes if lane != manifest.reference]
    if not others:
        raise ModelError(f"{folder} has no {form} model with {weights} weights to compare.")
    return others


def _lines(found: Bisection, rtol: float) -> list[str]:
    """One lane as text: the verdict, then the table."""
    lines = [f"{found.lane} against {found.reference}", *_verdict(found, rtol)]
    if found.differences:
        lines.append(
            f"  {'layer':24} {'max abs':>9} {'mean abs':>9} {'relative':>9}  worst at (digit first)"
        )
    for each in found.differences:
        mark = " " if each.passed else "✗"
        figures = f"{each.max_abs:9.2e} {each.mean_abs:9.2e} {each.relative:9.2e}"
        lines.append(f"{mark} {each.layer:24} {figures}  {each.problem or list(each.worst)}")
    return lines


def _verdict(found: Bisection, rtol: float) -> list[str]:
    if found.error is not None:
        lines = [f"  It could not be run: {found.error}"]
    elif found.first is None:
        lines = [
            f"  No layer parts: {len(found.differences)} compared, each within {rtol:g} of its "
            f"largest magnitude. Smallest tolerance that passes: {found.smallest_rtol:.1e}."
        ]
    else:
        lines = [f"  They part at {found.first.layer}."]
        if len(found.together) > 1:
            lines.append(f"  One operation computes {', '.join(found.together)}.")
        if not found.suspects:
            lines.append(
                "  The files hold the same numbers and settings there: look at the runtime."
            )
    lines += [f"  - {said}" for said in found.suspects]
    if found.unmatched:
        lines.append(f"  Not compared, no counterpart found: {', '.join(found.unmatched)}.")
    return lines


def _as_json(found: Bisection) -> dict[str, Any]:
    def number(value: float) -> float | None:
        return value if np.isfinite(value) else None

    def row(each: LayerDifference) -> dict[str, Any]:
        plain = asdict(each) | {"relative": each.relative, "passed": each.passed}
        return {k: number(v) if isinstance(v, float) else v for k, v in plain.items()}

    return {
        "lane": str(found.lane),
        "reference": str(found.reference),
        "first": found.first and found.first.layer,
        "together": found.together,
        "suspects": found.suspects,
        "unmatched": found.unmatched,
        "smallest_rtol": number(found.smallest_rtol),
        "error": found.error,
        "layers": [row(each) for each in found.differences],
    }
