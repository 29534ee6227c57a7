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
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models import dataset, scores, store
from models.dataset import Dataset, Options, labels
from models.errors import DigitParityError, ModelError
from models.lanes import FORMATS, REFERENCE, TENSORFLOW, Backend, Lane, Probabilities
from models.scores import Scores

BATCH = 512  # more at once is no faster, and costs memory for each layer


def evaluate(data: Dataset, lanes: Sequence[Lane], folder: Path) -> list[Scores]:
    """Predict the whole set with each lane of the model in ``folder``. Raises ModelError."""
    return [
        _on_tfjs(data, lane, folder) if lane.in_browser else _on_tensorflow(data, lane, folder)
        for lane in lanes
    ]


def _on_tensorflow(data: Dataset, lane: Lane, folder: Path) -> Scores:
    from models import runtimes

    loaded = runtimes.load(folder, lane.format, lane.weights)
    loaded.predict(data.pixels(0, 1))  # the first prediction compiles
    return _timed(data, lane, loaded.predict)


def _on_tfjs(data: Dataset, lane: Lane, folder: Path) -> Scores:
    raise ModelError(f"{lane} cannot run from the command line yet.")


def _timed(data: Dataset, lane: Lane, predict: Callable[..., Probabilities]) -> Scores:
    start = time.perf_counter()
    parts = [predict(data.pixels(at, at + BATCH)) for at in range(0, len(data), BATCH)]
    return Scores(lane, np.concatenate(parts), time.perf_counter() - start)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    given = _parser().parse_args(arguments)
    shown = _lanes(given.format, given.runtime, given.backend)
    options = Options(given.framing, not given.no_cut, given.part, given.labels)
    try:
        folder = store.folder(given.model)
        data = dataset.read_path(given.data, options)
        if not len(data):
            _print(scores.report(data, []), as_json=given.json)
            return 1
        found = evaluate(data, list(dict.fromkeys([REFERENCE, *shown])), folder)
    except DigitParityError as error:
        print(error, file=sys.stderr)
        return 1
    _print(scores.report(data, found, shown), as_json=given.json)
    return 0


def _parser() -> argparse.ArgumentParser:
    summary, _, rest = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        "python -m models.evaluate",
        description=summary,
        epilog=rest,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("data", metavar="DATA", type=Path, help="a file or a folder of digits")
    parser.add_argument("--model", default=store.DEFAULT, help="a folder of models/ (mnist)")
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


def _lanes(form: str, runtime: str, backend: Backend) -> list[Lane]:
    """The lanes to show. TensorFlow.js has no Keras format: there it is the reference."""
    formats = [each for each in FORMATS if form in (each, "all")]
    if runtime == TENSORFLOW:
        return [Lane(each, TENSORFLOW) for each in formats]
    return [
        REFERENCE if each == REFERENCE.format else Lane(each, f"tfjs/{backend}") for each in formats
    ]


def _print(result: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(result))
        return
    for each in result["skipped"]:
        print(f"skipped {each['file']}: {each['reason']}")
    print(f"{result['images']:,} images, {result['labelled']:,} with a label")
    for where, count in result["labels"].items():
        print(f"  {count:,} labels from {where}")
    for lane in result["lanes"]:
        print("\n" + "\n".join(_lines(lane)))


def _lines(lane: dict[str, Any]) -> list[str]:
    """One lane in words, and its confusion matrix."""
    speed = f"{lane['images_per_second']:,.0f} images/s, {lane['ms_per_image']:.3f} ms an image"
    lines = [
        f"{lane['format']} @ {lane['runtime']}",
        f"  agreement {lane['agreement']:.2%} same digit as {REFERENCE}, "
        f"max abs difference {lane['max_abs_diff']:.2e}, mean {lane['mean_abs_diff']:.2e}",
        f"  speed     {speed}",
    ]
    if lane["accuracy"] is None:
        return lines
    low, high = lane["accuracy_interval"]
    lines.insert(1, f"  accuracy  {lane['accuracy']:.2%} (95 % interval {low:.2%} to {high:.2%})")
    lines.append("  confusion (rows: label, columns: read as)")
    count = len(lane["confusion"])
    lines.append("      " + "".join(f"{each:>6}" for each in range(count)))
    return lines + [
        f"    {label:>2}" + "".join(f"{cell or '·':>6}" for cell in row)
        for label, row in enumerate(lane["confusion"])
    ]


if __name__ == "__main__":
    sys.exit(main())
