"""``digit-parity bisect``, also ``python -m models.bisect``: the layer where a conversion diverges.

Exit codes: 0 nothing diverges, 1 a lane or a layer does, 2 nothing could be compared.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from models.bisect import report, text, without_adding
from models.bisect.search import INPUTS, NOT_COMPARED, Search, search
from models.command_line import ending, options, output
from models.command_line.verb import verb
from models.dataset import sample_inputs
from models.errors import InputError
from models.formats import manifest as manifests
from models.lanes import CONVERTED, Weights
from models.runtimes.process.log_filter import quiet
from models.verify import listing
from models.verify import source as sources
from models.verify.listing import ALL_RUNTIMES
from models.verify.source import Source


@verb(
    failure=NOT_COMPARED,
    apart=True,
    examples=(
        "",
        "--original model.h5 --graph web/graph --layers web/layers",
        "mine --format graph --runtime tfjs/wasm",
        "mine --report fault.html",
    ),
)
@sources.asked
@options.form(CONVERTED)
@options.runtimes(ALL_RUNTIMES)
@options.browser
@options.weights("--weights", default="float32", help="How they are stored; float32 unless given.")
@options.data("Inputs to judge on, as for verify; ready ones unless given.")
@click.option(
    "--inputs",
    "--digits",
    "count",
    type=int,
    help=f"How many of them to go through layer by layer; {INPUTS} unless given, fewer of a large "
    "model.",
)
@click.option(
    "--rtol",
    type=float,
    help="A tolerance in place of the rule, of a layer's largest magnitude; all lanes are looked "
    "into then.",
)
@click.option(
    "--report",
    "report_file",
    metavar="FILE",
    type=options.PATH,
    help="Write a page that shows the fault by itself, in any browser, for a bug report.",
)
@options.json_flag("Print JSON, one object a lane.")
def command(
    *,
    source: Source,
    form: str,
    runtimes: Sequence[str],
    browser: str | None,
    weights: Weights,
    data: Path | None,
    count: int | None,
    rtol: float | None,
    report_file: Path | None,
    as_json: bool,
) -> int:
    """Where does a converted model leave its original? The layer, by name.

    Every lane is judged as verify does. Those that differ are looked into, layer by layer: inputs
    go through the reference (Keras, else the layers model, else the graph model on TensorFlow), and
    each layer of the lane is given what the reference has before it. So the layer that is named
    has an error of its own, beyond what rounding explains, and has not inherited it. What differs
    there in the files, numbers or settings, is named too. Where no lane differs, all are shown.

    A model need not be added: MODEL may be its file, its folder or a ZIP of it, or give its files
    as --original, --graph and --layers, or some of them, as for verify.

    --report writes one HTML file with TensorFlow.js in it: the operation that differs, cut as small
    as it still fails, runs when the file is opened. Where no lane differs there is no file.

    Exit codes: 0 nothing diverges, 1 a lane or a layer does, 2 nothing could be compared.
    """
    if rtol is not None and not (np.isfinite(rtol) and rtol >= 0):
        raise InputError(f"The tolerance is {rtol}. Expected a number of 0 or more.")
    quiet()
    said: list[str] = []
    program = listing.browser_for(runtimes, browser)

    def seen(folder: Path, found: Search) -> None:
        if report_file is not None:
            from models.bisect.bug_report import writing

            said.append(writing.write(folder, found, report_file, program))

    if report_file is not None and not report_file.absolute().parent.is_dir():
        raise InputError(f"There is no folder {report_file.absolute().parent} for the report.")
    settings: dict[str, Any] = {"form": form, "runtimes": listing.asked(runtimes, browser)}
    settings["browser"] = program
    settings |= {"weights": weights, "count": count, "rtol": rtol}
    with output.progress("Reading the model"):
        if source.stored is not None:
            result = _look(source.stored, data, settings)
            seen(source.stored, result)
        else:
            settings |= {"wanted": source.wanted, "seen": seen}
            with source.given() as given:
                result = without_adding.look(given, data, **settings)
    output.skipped(result.inputs.skipped if result.inputs else ())
    if as_json:
        print(json.dumps(report.as_json(result)))
    else:
        text.show(result)
    for each in said:
        print(each, file=sys.stderr if as_json else sys.stdout)
    return result.exit_code


def _look(stored: Path, data: Path | None, settings: dict[str, Any]) -> Search:
    """Look into the model in a folder of its own."""
    found = sample_inputs.find(manifests.read(stored), stored, data)
    return replace(search(stored, found.samples, **settings), inputs=found)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return ending.run(lambda: command, "python -m models.bisect", arguments)
