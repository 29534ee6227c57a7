"""``digit-parity evaluate``, also ``python -m models.evaluate``: the accuracy of each format.

Exit codes: 0 success (skipped files are listed), 1 no digit could be read from DATA or a lane
failed, 2 usage error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from models import dataset
from models.command_line import ending, options, output
from models.command_line.verb import verb
from models.dataset import Options, labels, samples
from models.dataset.dataset import Dataset, Framing, Split
from models.formats import manifest as manifests
from models.formats import safety, store
from models.formats.manifest import Manifest
from models.lanes import FORMATS, TENSORFLOW, Backend, Lane
from models.parity import figures, scores
from models.parity.scores import Scores
from models.runtimes import range_caution
from models.runtimes.predict_set import predict
from models.runtimes.process import cpu_threads
from models.runtimes.process.log_filter import quiet

if TYPE_CHECKING:
    from rich.table import Table


@verb(examples=("digits.zip", "mnist.npz --runtime tfjs --json", "scans/ --model mine"))
@click.argument("data", type=options.PATH, help="A file or a folder of digits.")
@options.model_option
@options.form(FORMATS)
@click.option("--runtime", type=click.Choice([TENSORFLOW, "tfjs"]), default=TENSORFLOW)
@click.option(
    "--backend",
    type=click.Choice(["wasm", "cpu"]),
    default="wasm",
    help="Of TensorFlow.js in Node; wasm unless given.",
)
@options.json_flag("Print one JSON object.")
@click.option(
    "--part",
    type=click.Choice(dataset.SPLITS),
    default="test",
    help="Of an .npz in Keras's layout; test unless given.",
)
@click.option(
    "--labels",
    "rule",
    type=click.Choice(labels.RULES),
    default="auto",
    help="Where pictures have their label.",
)
@click.option(
    "--framing",
    type=click.Choice(dataset.FRAMINGS),
    default="pictures",
    help="What is framed as MNIST does: pictures, pixel data too, or nothing of 28×28.",
)
@click.option("--no-cut", is_flag=True, help="Never cut a picture of several digits apart.")
def command(
    *,
    data: Path,
    model: str,
    form: str,
    runtime: str,
    backend: Backend,
    as_json: bool,
    part: Split,
    rule: labels.Rule,
    framing: Framing,
    no_cut: bool,
) -> int:
    """How well does each format read a set, and how far do they agree?

    DATA is a picture, a ZIP or a folder of pictures, a CSV, MNIST's IDX files, an .npz or a UNIPEN
    file: all that the Upload page reads, read by the same code.

    Exit codes: 0 all is well (files may have been skipped, they are listed), 1 no digit could be
    read from DATA or a lane failed, 2 the command was not understood.
    """
    quiet()
    cpu_threads.one_per_operation()
    with output.progress("Reading the digits"):
        folder = store.find(model)
        manifest = manifests.read(folder)
        safety.check_model(folder, manifest)
        shown = _lanes(manifest, form, runtime, backend)
        reading = Options(framing, not no_cut, part, rule)
        digits = dataset.read_path(data, reading).within(len(manifest.classes))
        reference = manifest.reference
        lanes = list(dict.fromkeys([reference, *shown])) if len(digits) else []
        lane_scores = predict(digits, lanes, folder)
        cautions = list(_cautions(digits, lane_scores, reference, folder))
    result = scores.report(digits, lane_scores, shown, reference) | {"cautions": cautions}
    if as_json:
        print(json.dumps(result))
    else:
        _print(result, reference)
    answered = bool(lane_scores) and all(each.error is None for each in lane_scores)
    return 0 if answered else 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return ending.run(lambda: command, "python -m models.evaluate", arguments)


def _lanes(manifest: Manifest, form: str, runtime: str, backend: Backend) -> list[Lane]:
    """The lanes to show. TensorFlow.js has no Keras format: the reference is shown instead.

    Raises ModelError for a format that the model lacks.
    """
    if form != "all":
        manifest.path(next(each for each in FORMATS if each == form))
    lanes = [lane for lane in manifest.server_lanes if form in (lane.format, "all")]
    if runtime == TENSORFLOW:
        return lanes
    return [
        lane if lane.format == "keras" else Lane(lane.format, f"tfjs/{backend}") for lane in lanes
    ]


def _cautions(
    digits: Dataset, lane_scores: Sequence[Scores], reference: Lane, folder: Path
) -> Iterator[str]:
    for each in lane_scores:
        if each.lane == reference and each.error is None:
            again = options.added_again(folder)
            given = samples.of_pictures(digits, manifests.read(folder).pictures())
            if said := range_caution.find(given, reference, folder, each.probabilities, again):
                yield said


def _print(result: dict[str, Any], reference: Lane) -> None:
    for skipped in result["skipped"]:
        print(f"skipped {skipped['file']}: {skipped['reason']}")
    print(f"{result['images']:,} images, {result['labelled']:,} with a label")
    for where, count in result["labels"].items():
        print(f"  {count:,} labels from {where}")
    for caution in result["cautions"]:
        print(f"Caution: {caution}")
    for lane in result["lanes"]:
        print("\n" + "\n".join(_lines(lane, reference)))
        if lane["accuracy"] is not None:
            counts = lane["confusion"]
            print("  confusion (rows: label, columns: read as)")
            output.show("\n".join(_confusion(counts)), partial(_confusion_table, counts))


def _lines(lane: dict[str, Any], reference: Lane) -> list[str]:
    """The figures of one lane as text."""
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
            f"max abs difference {figures.short(lane['max_abs_diff'])}, "
            f"mean {figures.short(lane['mean_abs_diff'])}"
        )
    speed = f"{lane['images_per_second']:,.0f} images/s, {lane['ms_per_image']:.3f} ms an image"
    lines.append(f"  speed     {speed}")
    return lines


def _confusion(counts: Sequence[Sequence[int]]) -> list[str]:
    return [
        "      " + "".join(f"{each:>6}" for each in range(len(counts))),
        *(
            f"    {label:>2}" + "".join(f"{cell or '·':>6}" for cell in row)
            for label, row in enumerate(counts)
        ),
    ]


def _confusion_table(counts: Sequence[Sequence[int]]) -> Table:
    rows = ([str(label), *(str(cell or "·") for cell in row)] for label, row in enumerate(counts))
    return output.grid("", *map(str, range(len(counts))), rows=rows)
