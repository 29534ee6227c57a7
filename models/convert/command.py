"""``digit-parity convert``, also ``python -m models.convert``: from Keras to TensorFlow.js.

Exit codes: 0 converted, 1 not converted, and nothing has changed, 2 usage error.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from models.command_line import ending, options, output
from models.command_line.verb import verb
from models.convert import conversion, rounding
from models.convert.conversion import KERAS_FILE
from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats.store import SHIPPED
from models.lanes import FORMATS, WEIGHTS
from models.runtimes.process.log_filter import quiet
from models.storage import locations


@verb(examples=("", "build/mine --source model.h5"))
@click.argument("folder", type=options.PATH, default=SHIPPED, help="The model's folder.")
@click.option("--source", default=KERAS_FILE, help=f"The Keras model in it; {KERAS_FILE}.")
@click.option("--title", help="What people call the model.")
def command(*, folder: Path, source: str, title: str | None) -> int:
    """Convert a Keras model to both TensorFlow.js formats, and write the manifest.

    Without FOLDER it is the model that ships, in a checkout. The official converter is run for both
    formats with each kind of weights. The manifest notes how far rounding takes this model: pages
    judge by that bound.

    Exit codes: 0 converted, 1 not converted, and nothing has changed, 2 the command was not
    understood.
    """
    if locations.is_installed() and folder == SHIPPED:
        raise ModelError(
            "The model that ships is part of this installation: name a FOLDER of yours, or add "
            "your model with `digit-parity add NAME MODEL`."
        )
    quiet()
    with output.progress("Starting TensorFlow"):
        manifest = conversion.convert(folder, source=source, title=title)
        try:
            manifest = rounding.note(folder)
        except ModelError as error:  # it is converted all the same
            print(f"No bound on rounding was noted: {error}", file=sys.stderr)
    rows = [
        (stored, f"{manifest.size(form, weights):,} bytes", manifest.lanes[stored])
        for weights in WEIGHTS
        for form in FORMATS
        if (stored := manifests.stored_form(form, weights)) in manifest.lanes
    ]
    lines = (f"{stored:16} {size:>15}  {path}" for stored, size, path in rows)
    output.show("\n".join(lines), lambda: output.grid("format", "size", "file", rows=rows))
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return ending.run(lambda: command, "python -m models.convert", arguments)
