"""``python -m models.evaluate DATA``: how well each format reads a set, and how far they agree.

DATA is a picture, a ZIP or a folder of pictures, a CSV, MNIST's IDX files, an .npz or a UNIPEN
file: all that the Upload page reads, read by the same code.

Exit codes: 0 all is well (files may have been skipped, they are listed), 1 no digit could be read
from DATA or a lane failed, 2 the command was not understood.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models import dataset
from models.dataset import Options, labels
from models.errors import DigitParityError
from models.formats import manifest as manifests
from models.formats import store
from models.formats.manifest import Manifest
from models.lanes import FORMATS, TENSORFLOW, Backend, Lane
from models.parity import scores
from models.runtimes import cpu_threads, slim_imports
from models.runtimes.log_filter import quiet
from models.runtimes.predict_set import predict


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    given = _parser().parse_args(arguments)
    options = Options(given.framing, not given.no_cut, given.part, given.labels)
    quiet()
    cpu_threads.one_each()
    try:
        folder = store.find(given.model)
        manifest = manifests.read(folder)
        shown = _lanes(manifest, given.format, given.runtime, given.backend)
        data = dataset.read_path(given.data, options).within(len(manifest.classes))
        reference = manifest.reference
        lanes = list(dict.fromkeys([reference, *shown])) if len(data) else []
        found = predict(data, lanes, folder)
    except DigitParityError as error:
        print(error, file=sys.stderr)
        return 1
    result = scores.report(data, found, shown, reference)
    if given.json:
        print(json.dumps(result))
    else:
        _print(result, reference)
    answered = bool(found) and all(each.error is None for each in found)
    return 0 if answered else 1


def _parser() -> argparse.ArgumentParser:
    summary, _, rest = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        "python -m models.evaluate",
        description=summary,
        epilog=rest,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("data", metavar="DATA", type=Path, help="a file or a folder of digits")
    parser.add_argument("--model", default=store.DEFAULT, help="a model's name or folder (mnist)")
    parser.add_argument("--format", choices=[*FORMATS, "all"], default="all")
    parser.add_argument("--runtime", choices=[TENSORFLOW, "tfjs"], default=TENSORFLOW)
    parser.add_argument(
        "--backend", choices=["wasm", "cpu"], default="wasm", help="of TensorFlow.js in Node"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--part", choices=dataset.PARTS, default="test", help="of an .npz in Keras's layout"
    )
    parser.add_argument(
        "--labels", choices=labels.RULES, default="auto", help="where pictures have their label"
    )
    parser.add_argument(
        "--framing",
        choices=dataset.FRAMINGS,
        default="pictures",
        help="what is framed as MNIST does: pictures, pixel data too, or nothing of 28×28",
    )
    parser.add_argument(
        "--no-cut", action="store_true", help="never cut a picture of several digits apart"
    )
    return parser


def _lanes(manifest: Manifest, form: str, runtime: str, backend: Backend) -> list[Lane]:
    """The lanes to show. TensorFlow.js has no Keras format: there the reference is shown.

    Raises ModelError for a format that the model lacks.
    """
    if form != "all":
        manifest.path(next(each for each in FORMATS if each == form))
    asked = [lane for lane in manifest.server_lanes if form in (lane.format, "all")]
    if runtime == TENSORFLOW:
        return asked
    return [
        lane if lane.format == "keras" else Lane(lane.format, f"tfjs/{backend}") for lane in asked
    ]


def _print(result: dict[str, Any], reference: Lane) -> None:
    for each in result["skipped"]:
        print(f"skipped {each['file']}: {each['reason']}")
    print(f"{result['images']:,} images, {result['labelled']:,} with a label")
    for where, count in result["labels"].items():
        print(f"  {count:,} labels from {where}")
    for lane in result["lanes"]:
        print("\n" + "\n".join(_lines(lane, reference)))


def _lines(lane: dict[str, Any], reference: Lane) -> list[str]:
    """One lane in words, and its confusion matrix."""
    lines = [f"{lane['format']} @ {lane['runtime']}"]
    if lane["error"] is not None:
        return [*lines, f"  no answer {lane['error']}"]
    if lane["accuracy"] is not None:
        low, high = lane["accuracy_interval"]
        interval = f"(95 % interval {low:.2%} to {high:.2%})"
        lines.append(f"  accuracy  {lane['accuracy']:.2%} {interval}")
    if lane["agreement"] is not None:
        lines.append(
            f"  agreement {lane['agreement']:.2%} same digit as {reference}, "
            f"max abs difference {lane['max_abs_diff']:.2e}, mean {lane['mean_abs_diff']:.2e}"
        )
    speed = f"{lane['images_per_second']:,.0f} images/s, {lane['ms_per_image']:.3f} ms an image"
    lines.append(f"  speed     {speed}")
    return lines if lane["accuracy"] is None else [*lines, *_confusion(lane["confusion"])]


def _confusion(counts: Sequence[Sequence[int]]) -> list[str]:
    return [
        "  confusion (rows: label, columns: read as)",
        "      " + "".join(f"{each:>6}" for each in range(len(counts))),
        *(
            f"    {label:>2}" + "".join(f"{cell or '·':>6}" for cell in row)
            for label, row in enumerate(counts)
        ),
    ]


if __name__ == "__main__":
    slim_imports.begin()
    sys.exit(main())
