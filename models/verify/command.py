"""``python -m models.verify [MODEL]``: does every format still answer as the Keras model does?

Runs both TensorFlow.js formats in TensorFlow and in TensorFlow.js (Node, on wasm and cpu), and
compares each lane's probabilities with the reference, ``keras @ tensorflow``. A lane passes where
|lane − reference| ≤ atol + rtol · |reference| for every image and class. Quantised variants are
compared on TensorFlow and judged only with --judge, then on every runtime. A model that came
converted, without its Keras original, has ``layers @ tensorflow`` as reference.

Exit codes: 0 every lane passes, 1 a lane differs, 2 a lane could not be compared.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from models import dataset
from models.dataset import Dataset
from models.errors import DigitParityError
from models.formats import store
from models.lanes import WEIGHTS
from models.parity.agreement import ATOL, RTOL
from models.runtimes.log_filter import quiet
from models.verify import default_digits, junit, verification
from models.verify import text as verify_text
from models.verify.verification import NOT_COMPARED, RUNTIMES, Verification


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    given = _parser().parse_args(arguments)
    quiet()
    try:
        folder = store.find(given.model)
        digits = (
            default_digits.digits(folder) if given.data is None else dataset.read_path(given.data)
        )
        for each in digits.skipped:
            print(f"skipped {each.file}: {each.reason}", file=sys.stderr)
        result = verification.verify(
            folder,
            digits,
            runtimes=given.runtime or RUNTIMES,
            judged=given.judge or ("float32",),
            atol=given.atol,
            rtol=given.rtol,
        )
        _print(result, folder, digits)
        if given.json is not None:
            text = json.dumps(verification.as_json(result), indent=2, ensure_ascii=False)
            given.json.write_text(text + "\n", "utf-8")
        if given.junit is not None:
            junit.write(result, given.junit)
    except (DigitParityError, OSError) as error:
        print(f"NOT COMPARED: {error}", file=sys.stderr)
        return NOT_COMPARED
    return result.exit_code


def _print(result: Verification, folder: Path, digits: Dataset) -> None:
    varied = sum(name.endswith(" varied") for name in digits.names)
    some = f", {varied:,} of them variations of the others" if varied else ""
    print(f"{result.manifest.title} ({folder}): every lane against {result.manifest.reference}")
    print(f"{result.images:,} digits{some}. Tolerance: atol {result.atol:g}, rtol {result.rtol:g}.")
    print(f"\n{verify_text.table(result)}\n\n{verify_text.summary(result)}")


def _parser() -> argparse.ArgumentParser:
    summary, _, rest = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        "python -m models.verify",
        description=summary,
        epilog=rest,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "model",
        nargs="?",
        default=store.DEFAULT,
        metavar="MODEL",
        help=f"a model's folder or name (default: {store.DEFAULT})",
    )
    parser.add_argument(
        "--data",
        type=Path,
        help="digits to compare on: all that models.evaluate reads (default: the model's examples "
        f"and variations of them, {default_digits.COUNT:,} in all)",
    )
    parser.add_argument("--atol", type=float, default=ATOL, help=f"default {ATOL:g}")
    parser.add_argument("--rtol", type=float, default=RTOL, help=f"default {RTOL:g}")
    parser.add_argument(
        "--runtime", action="append", choices=RUNTIMES, help="may be given again (default: all)"
    )
    parser.add_argument(
        "--judge",
        action="append",
        choices=WEIGHTS,
        help="which kind of weights has to pass; may be given again (default: float32)",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures as JSON")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit report")
    return parser
