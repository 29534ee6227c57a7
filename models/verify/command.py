"""``digit-parity verify``, also ``python -m models.verify``: compares every lane with the original.

Exit codes: 0 every lane passes, 1 a lane differs, 2 a lane could not be compared.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from models import dataset
from models.command_line import ending, options, output
from models.command_line.verb import verb
from models.dataset import Dataset
from models.formats import store
from models.lanes import Weights
from models.runtimes.log_filter import quiet
from models.verify import default_digits, junit, verification
from models.verify import text as verify_text
from models.verify.verification import NOT_COMPARED, RUNTIMES, Verification


@verb(
    failure=NOT_COMPARED,
    prefix="NOT COMPARED: ",
    examples=(
        "",
        "mine --junit verify.xml",
        "mine --data digits.zip --runtime tensorflow --runtime tfjs/wasm",
    ),
)
@options.model_argument
@options.data(
    "Digits to compare on: all that evaluate reads. The model's examples and variations of them, "
    f"{default_digits.COUNT:,} in all, unless given."
)
@options.tolerance
@click.option(
    "--runtime",
    "runtimes",
    type=click.Choice(RUNTIMES),
    multiple=True,
    help="May be given again; all unless given.",
)
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
    model: str,
    data: Path | None,
    atol: float,
    rtol: float,
    runtimes: Sequence[str],
    judged: Sequence[Weights],
    json_file: Path | None,
    junit_file: Path | None,
) -> int:
    """Does every format still answer as the Keras model does?

    Runs both TensorFlow.js formats in TensorFlow and in TensorFlow.js (Node, on wasm and cpu), and
    compares each lane's probabilities with the reference, keras @ tensorflow. A lane passes where
    |lane − reference| ≤ atol + rtol · |reference| for every image and class. Quantised variants are
    compared on TensorFlow and judged only with --judge, then on every runtime. A model that came
    converted, without its Keras original, has layers @ tensorflow as reference.

    Exit codes: 0 every lane passes, 1 a lane differs, 2 a lane could not be compared.
    """
    quiet()
    with output.progress("Reading the digits"):
        folder = store.find(model)
        digits = default_digits.digits(folder) if data is None else dataset.read_path(data)
        for skipped in digits.skipped:
            print(f"skipped {skipped.file}: {skipped.reason}", file=sys.stderr)
        result = verification.verify(
            folder, digits, runtimes=runtimes or RUNTIMES, judged=judged, atol=atol, rtol=rtol
        )
    try:
        _print(result, folder, digits)
    finally:  # also when the pipe is closed: `| head -1`
        if json_file is not None:
            text = json.dumps(verification.as_json(result), indent=2, ensure_ascii=False)
            json_file.write_text(text + "\n", "utf-8")
        if junit_file is not None:
            junit.write(result, junit_file)
    return result.exit_code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    return ending.run(lambda: command, "python -m models.verify", arguments)


def _print(result: Verification, folder: Path, digits: Dataset) -> None:
    varied = sum(name.endswith(" varied") for name in digits.names)
    note = f", {varied:,} of them variations of the others" if varied else ""
    print(f"{result.manifest.title} ({folder}): every lane against {result.manifest.reference}")
    print(f"{result.images:,} digits{note}. Tolerance: atol {result.atol:g}, rtol {result.rtol:g}.")
    print()
    verify_text.show(result)
    print(f"\n{verify_text.summary(result)}")
