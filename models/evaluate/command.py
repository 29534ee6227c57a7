"""``digit-parity evaluate``, also ``python -m models.evaluate``: the accuracy of each format.

Exit codes: 0 success (skipped files are listed), 1 no image could be read from DATA, a lane failed,
or the model is no classifier of pictures, 2 usage error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from models import dataset
from models.command_line import ending, options, output
from models.command_line.verb import verb
from models.dataset import Dataset, Options, labels, pixel_data, samples
from models.dataset.dataset import Framing, Split
from models.dataset.remedy import Remedy
from models.dataset.samples import Samples
from models.errors import ModelError
from models.evaluate import readings, text
from models.formats import manifest as manifests
from models.formats import safety, store
from models.formats.manifest import Manifest
from models.formats.model_input import Input
from models.lanes import FORMATS, TENSORFLOW, Backend, Lane
from models.parity import scores
from models.parity.scores import Scores
from models.runtimes.cautions import input_caution, set_caution
from models.runtimes.predict_set import predict
from models.runtimes.process import cpu_threads
from models.runtimes.process.log_filter import quiet


@verb(examples=("digits.zip", "mnist.npz --runtime tfjs --json", "scans/ --model mine"))
@click.argument("data", type=options.PATH, help="A file or a folder of images.")
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
@click.option(
    "--pixels",
    type=click.Choice(pixel_data.WAYS),
    default=pixel_data.WAYS[0],
    help="How pixel data is taken, such as black on white: inverted.",
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
    pixels: pixel_data.Way,
    no_cut: bool,
) -> int:
    """How well does each format read a set, and how far do they agree?

    DATA is a picture, a ZIP or a folder of pictures, a CSV, MNIST's IDX files, an .npz or a UNIPEN
    file: all that the Upload page reads, read by the same code. A label is a number or the name of
    a class: of a picture's folder, of its file, or in a labels.csv beside it.

    Exit codes: 0 all is well (files may have been skipped, they are listed), 1 no image could be
    read from DATA, a lane failed, or the model is no classifier of pictures, 2 the command was not
    understood.
    """
    quiet()
    cpu_threads.one_per_operation()
    with output.progress("Reading the images"):
        folder = store.find(model)
        manifest = manifests.read(folder)
        target = _target(manifest)
        safety.check_model(folder, manifest)
        shown = _lanes(manifest, form, runtime, backend)
        classes = manifest.classes
        reading = Options(framing, not no_cut, part, rule, pixels, target, classes)
        images = dataset.read_path(data, reading).within(len(classes))
        reference = manifest.reference
        lanes = list(dict.fromkeys([reference, *shown])) if len(images) else []
        lane_scores = predict(images, lanes, folder)
        again = dataset.reread(data, reading)
        given = samples.of_pictures(images, target, again)
        remedies = _remedies(images, reading, lane_scores, manifest, folder)
        # What is wrong with the set would seem to be the model's.
        is_mended = any(each.grave for each in remedies)
        cautions = [] if is_mended else list(_cautions(given, lane_scores, manifest, folder))
    result = scores.report(images, lane_scores, shown, reference) | {
        "cautions": cautions,
        "remedies": [
            {"sentence": each.sentence, "option": each.option, "grave": each.grave}
            for each in remedies
        ],
        "read": readings.of(images, lane_scores, shown, classes),
    }
    if as_json:
        print(json.dumps(result | {"classes": classes}))
    else:
        text.write(result, reference, classes, digits=target.is_digit, remedies=remedies)
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


def _target(manifest: Manifest) -> Input:
    """What the model takes. Raises ModelError where that is no picture, or it has no classes."""
    target = manifest.pictures()
    if manifest.answers == "values":
        raise ModelError(
            f"Model {manifest.name!r} gives numbers and no classes, so none can be right or wrong. "
            "`digit-parity verify` compares its outputs."
        )
    return target


def _remedies(
    images: Dataset,
    reading: Options,
    lane_scores: Sequence[Scores],
    manifest: Manifest,
    folder: Path,
) -> tuple[Remedy, ...]:
    """What seems wrong with the set, by the reference's answers, where it could answer."""
    of_reference = (each for each in lane_scores if each.lane == manifest.reference)
    answered = next((each for each in of_reference if each.error is None), None)
    if answered is None:
        return ()
    return set_caution.find(images, reading, answered.lane, folder, answered.probabilities)


def _cautions(
    given: Samples, lane_scores: Sequence[Scores], manifest: Manifest, folder: Path
) -> Iterator[str]:
    if manifest.answers != "probabilities":
        return  # what is asked again are the model's own answers, and these are none
    for each in lane_scores:
        if each.lane == manifest.reference and each.error is None:
            again = options.added_again(folder)
            if said := input_caution.find(given, each.lane, folder, each.probabilities, again):
                yield said
