"""``digit-parity add``, also ``python -m models.add``: bring your own model to the dashboard.

Exit codes: 0 added, 1 not added, and nothing has changed, 2 usage error.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from models.add import adding
from models.add.adding import About, Added
from models.add.judging import RUNTIMES, NotKeptError
from models.command_line import ending, options, output
from models.command_line.verb import verb
from models.lanes import Format
from models.runtimes import server_lane
from models.runtimes.process.log_filter import quiet
from models.verify import report
from models.verify import text as verify_text


def _failed(given: Mapping[str, Any], error: Exception) -> None:
    """Write the object of --json also where no lane could be judged."""
    if not isinstance(error, NotKeptError):  # that has been written
        report.write_failure(str(error), RUNTIMES, None, given["json_file"])


@verb(
    examples=(
        'fashion my_model.h5 --title "Fashion" --classes shirt,trousers,…',
        "grey my_model.keras --scale 255",
        "mine --graph model_graph --layers model_layers",
    ),
    apart=True,
    failed=_failed,
)
@click.argument("name", help="Letters, digits, - and _.")
@click.argument("model", type=options.PATH, required=False, help="What Keras saved.")
@options.converted
@options.scale
@click.option("--classes", metavar="A,B,…", help="Their names; 0,1,… unless given.")
@click.option("--title", help="What people call the model; NAME unless given.")
@click.option("--replace", is_flag=True, help="Take the place of a model NAME.")
@options.tolerance
@options.required
@click.option(
    "--json", "json_file", type=options.PATH, metavar="FILE", help="Write what was found as JSON."
)
def command(
    *,
    name: str,
    model: Path | None,
    graph: Path | None,
    layers: Path | None,
    scale: float,
    classes: str | None,
    title: str | None,
    replace: bool,
    atol: float | None,
    rtol: float | None,
    required: Sequence[Format],
    json_file: Path | None,
) -> int:
    """Bring your own model to the dashboard.

    MODEL is a classifier of pictures, (batch, 28, 28, 1) to (batch, classes), as Keras saved it: an
    .h5, a .keras file or a SavedModel's folder. It is converted to both formats by the official
    converter, and every lane is judged by itself, as `verify` does. The model is added when one
    format passes, or all that --require names; what was found of the other is said. What
    is converted already is added by its two folders instead, --graph DIR and --layers DIR.

    Every file is looked at first: one that holds code, leads elsewhere or claims more than it has
    is refused before anything of it is loaded.

    Exit codes: 0 added, 1 not added, and nothing has changed, 2 the command was not understood.
    """
    names = None if classes is None else [each.strip() for each in classes.split(",")]
    about = About(scale, names, title)
    tolerance = options.tolerance_of(atol, rtol)
    again = options.again(click.get_current_context()) + ("" if replace else " --replace")
    quiet()
    try:
        with output.progress("Starting TensorFlow"):
            if model is not None and graph is None and layers is None:
                added = adding.from_keras(
                    name,
                    model,
                    about,
                    replace_old=replace,
                    tolerance=tolerance,
                    required=required,
                    again=again,
                )
            elif model is None and graph is not None and layers is not None:
                added = adding.from_converted(
                    name,
                    graph,
                    layers,
                    about,
                    replace_old=replace,
                    tolerance=tolerance,
                    required=required,
                    again=again,
                )
            else:
                raise click.UsageError(
                    "Give a MODEL, or both --graph DIR and --layers DIR.",
                    click.get_current_context(),
                )
    except NotKeptError as error:
        found = error.verification
        verify_text.show(found, file=sys.stderr)
        print(f"\n{verify_text.conclusion(found)}", file=sys.stderr)
        if json_file is not None:
            report.write(found, json_file)
        raise
    if json_file is not None:
        report.write(added.verification, json_file)
    _print(added)
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return ending.run(lambda: command, "python -m models.add", arguments)


def _print(added: Added) -> None:
    result = added.verification
    verify_text.show(result)
    print(f"\nReference: {server_lane.described(result.manifest.reference)}")
    print(verify_text.conclusion(result))
    if added.changed is not None:
        print(added.changed)
    if added.right is not None:
        print(f"It reads {added.right:.1%} of the {result.images:,} example digits right.")
    print(f"{added.folder} is added; a dashboard that is running offers it from now on.")
