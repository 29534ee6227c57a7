"""``digit-parity add``, also ``python -m models.add``: bring your own model to the dashboard.

Exit codes: 0 added, 1 not added, and nothing has changed, 2 usage error.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from models.add import adding, staging
from models.add.adding import Added
from models.add.judging import RUNTIMES, NotKeptError
from models.command_line import ending, options, output, picture_options
from models.command_line.verb import verb
from models.convert.intake import files
from models.formats.manifest import Manifest
from models.formats.wanted import Wanted
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
        "photos photos.keras --classes @class_names.json",
        "teachable converted_tfjs.zip",
        "mine --graph model_graph --layers model_layers",
    ),
    apart=True,
    failed=_failed,
)
@click.argument("name", help="Letters, digits, - and _.")
@click.argument("model", type=options.PATH, required=False, help="A file, folder or ZIP.")
@options.converted
@picture_options.wanted
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
    wanted: Wanted,
    title: str | None,
    replace: bool,
    atol: float | None,
    rtol: float | None,
    required: Sequence[Format],
    json_file: Path | None,
) -> int:
    """Bring your own model to the dashboard.

    MODEL is what you have: an .h5, a .keras file or a SavedModel's folder, a folder that a
    converter or TensorFlow.js wrote, or a ZIP of one, such as Teachable Machine's. One format is
    enough: what is missing is made of it by the official converter, as far as it can be. Every lane
    is judged by itself, as `verify` does. The model is added when one format passes, or all that
    --require names; what was found of the other is said. --graph DIR and --layers DIR give what is
    converted already.

    What the model takes and gives is read from its files, and from labels.txt, class_names.json or
    metadata.json beside it. What these do not say is guessed; each guess is said with the option
    that changes it.

    Every file is looked at first: one that holds code, leads elsewhere or claims more than it has
    is refused before anything of it is loaded.

    Exit codes: 0 added, 1 not added, and nothing has changed, 2 the command was not understood.
    """
    if model is None and graph is None and layers is None:
        raise click.UsageError(
            "Give a MODEL, or --graph DIR, --layers DIR or both.", click.get_current_context()
        )
    again = options.again(click.get_current_context()) + ("" if replace else " --replace")
    staging.target_of(name, replace)  # before a large file is looked at
    quiet()
    try:
        with (
            output.progress("Starting TensorFlow"),
            files.given(model, graph=graph, layers=layers) as given,
        ):
            added = adding.add(
                name,
                given,
                wanted,
                title=title,
                replace_old=replace,
                tolerance=options.tolerance_of(atol, rtol),
                required=required,
                again=again,
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
    for note in (*added.notes, *result.manifest.assumed):
        print(note)
    verify_text.show(result)
    print(f"\nReference: {server_lane.described(result.manifest.reference, result.manifest)}")
    print(verify_text.conclusion(result))
    for change in added.changed:
        print(change)
    if added.right is not None:
        print(f"It reads {added.right:.1%} of the {result.images:,} example digits right.")
    print(f"{added.folder} is added; {_offered(result.manifest)}")


def _offered(manifest: Manifest) -> str:
    """Where the new model is to be found: pages show what classifies pictures."""
    if manifest.input is not None and manifest.answers != "values":
        return "a dashboard that is running offers it from now on."
    what = "takes no pictures" if manifest.input is None else "gives numbers that are no classes"
    return f"as it {what}, pages do not show it: `digit-parity verify {manifest.name}` judges it."
