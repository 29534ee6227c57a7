"""``digit-parity verify``, also ``python -m models.verify``: compares every lane with the original.

Exit codes: 0 what runs passes, 1 a lane differs, 2 nothing could be compared or judged, or not what
is given or required.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from models.command_line import ending, options, output
from models.command_line.verb import verb
from models.convert.intake.given import Given
from models.dataset import sample_inputs
from models.dataset.sample_inputs import ComparedOn
from models.formats import manifest as manifests
from models.formats.wanted import Wanted
from models.lanes import Format, Weights
from models.runtimes.process.log_filter import quiet
from models.verify import junit, listing, report, verification, without_adding
from models.verify import source as sources
from models.verify import text as verify_text
from models.verify.listing import ALL_RUNTIMES
from models.verify.source import Source
from models.verify.verification import NOT_COMPARED, Verification


def _failed(given: Mapping[str, Any], error: Exception) -> None:
    """Write the object of --json also where nothing could be compared."""
    data, runtimes = given["data"], listing.asked(given["runtimes"], given["browser"])
    source = None if data is None else str(data)
    report.write_failure(str(error), runtimes, source, given["json_file"])


@verb(
    failure=NOT_COMPARED,
    prefix="NOT COMPARED: ",
    apart=True,
    failed=_failed,
    examples=(
        "",
        "--original model.h5 --graph web/graph --layers web/layers",
        "mine --junit verify.xml",
        "mine --data digits.zip --runtime tensorflow --runtime tfjs/wasm",
        "mine --browser chromium",
    ),
)
@sources.asked
@options.data(
    "What to compare on: pictures, as evaluate reads them, or an .npz of arrays. Unless given, "
    f"the model's examples and variations of them, or inputs of its shape, up to "
    f"{sample_inputs.COUNT:,}."
)
@options.tolerance
@options.required
@options.runtimes(ALL_RUNTIMES)
@options.browser
@options.weights(
    "--judge",
    "judged",
    multiple=True,
    default=("float32",),
    help="Which kind of weights has to pass; may be given again; float32 unless given.",
)
@click.option(
    "--json", "json_file", type=options.PATH, metavar="FILE", help="Write all figures as JSON."
)
@click.option(
    "--junit", "junit_file", type=options.PATH, metavar="FILE", help="Write a JUnit report."
)
def command(
    *,
    source: Source,
    data: Path | None,
    atol: float | None,
    rtol: float | None,
    required: Sequence[Format],
    runtimes: Sequence[str],
    browser: str | None,
    judged: Sequence[Weights],
    json_file: Path | None,
    junit_file: Path | None,
) -> int:
    """Does every format still answer as the Keras model does?

    Runs both TensorFlow.js formats in TensorFlow and in TensorFlow.js (Node, on wasm and cpu, or a
    browser), and judges each lane by itself: passed, differs, cannot be judged, cannot run, not
    tried. A lane passes when it is no farther from exact arithmetic, the original's own formula in
    float64, than rounding explains; how far that is follows from Keras's own distance. Where
    rounding alone may change answers completely, they cannot be judged. --atol and --rtol replace
    the rule: then |lane − reference| ≤ atol + rtol · |reference| has to hold. Quantised variants
    are judged only with --judge. A model that came converted, without its Keras original, has
    layers @ tensorflow as reference. The last line recommends what to ship.

    A model need not be added: MODEL may be its file, its folder or a ZIP of it, or give several of
    its files as --original, --graph and --layers. They are compared as they are, and a format that
    is left out is converted in a temporary folder. What the files do not say of its input is
    guessed, and each guess is said with the option that changes it. Every file is looked at first:
    one that holds code is not loaded.

    Exit codes: 0 what runs passes, 1 a lane differs, 2 nothing could be compared, or rounding may
    change the answers completely, or a format cannot run that is given or named by --require.
    """
    ctx = click.get_current_context()
    if source.stored is None:
        options.refuse(ctx, {"judged": "--judge"}, "is for a model that was added.")
    quiet()
    settings: dict[str, Any] = {
        "runtimes": listing.asked(runtimes, browser),
        "browser": listing.browser_for(runtimes, browser),
        "tolerance": options.tolerance_of(atol, rtol),
        "required": required,
    }
    with output.progress("Reading the model"):
        if source.stored is not None:
            found = _of_stored(source.stored, data, settings | {"judged": judged})
        else:
            settings["again"] = options.again(ctx)
            with source.given() as given:
                found = _of_files(given, source.wanted, data, settings)
    output.skipped(found.on.skipped)
    result = replace(found.result, source=found.on.source if data is None else str(data))
    try:
        print("\n".join([*found.first, verify_text.compared_on(result, found.on)]), end="\n\n")
        verify_text.show(result)
        print(f"\n{found.last}")
    finally:  # also when the pipe is closed: `| head -1`
        if json_file is not None:
            report.write(result, json_file)
        if junit_file is not None:
            junit.write(result, junit_file)
    return result.exit_code


@dataclass(frozen=True, eq=False)
class _Verified:
    """What was found ``on`` these inputs, and the ``first`` and ``last`` lines that are printed."""

    result: Verification
    on: ComparedOn
    first: Sequence[str]
    last: str


def _of_stored(stored: Path, data: Path | None, settings: dict[str, Any]) -> _Verified:
    """Verify the model in a folder of its own."""
    on = sample_inputs.find(manifests.read(stored), stored, data)
    again = options.added_again(stored)
    result = verification.verify(stored, on.samples, again=again, **settings)
    first = [verify_text.heading(result, stored)]
    return _Verified(result, on, first, verify_text.summary(result))


def _of_files(
    given: Given, wanted: Wanted, data: Path | None, settings: dict[str, Any]
) -> _Verified:
    """Verify a model from its files."""
    result, on = without_adding.verify(given, wanted, data, **settings)
    first = [*given.notes, *result.manifest.assumed, without_adding.heading(given, result)]
    return _Verified(result, on, first, verify_text.conclusion(result))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return ending.run(lambda: command, "python -m models.verify", arguments)
