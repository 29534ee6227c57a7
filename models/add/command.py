"""``python -m models.add NAME MODEL``: bring your own model to the dashboard.

MODEL is a classifier of pictures, (batch, 28, 28, 1) to (batch, classes), as Keras saved it: an
.h5, a .keras file or a SavedModel's folder. It is converted to both formats by the official
converter and verified. What is converted already is added by its two folders instead:
``python -m models.add NAME --graph DIR --layers DIR``.

A model's file can hold code. Add only what you would run.

Exit codes: 0 added, 1 not added, and nothing has changed, 2 the command was not understood.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from models.add import adding
from models.add.adding import About, Added, DiffersError
from models.errors import DigitParityError
from models.lanes import TENSORFLOW
from models.parity.agreement import ATOL, RTOL
from models.runtimes.log_filter import quiet
from models.verify import text as verify_text


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
    both = given.graph is not None and given.layers is not None
    if (given.model is None) != both or (not both and (given.graph or given.layers)):
        parser.error("give a MODEL, or both --graph DIR and --layers DIR")
    quiet()
    classes = None if given.classes is None else [each.strip() for each in given.classes.split(",")]
    about = About(given.scale, classes, given.title)
    options = {"replace_old": given.replace, "atol": given.atol, "rtol": given.rtol}
    try:
        if both:
            added = adding.from_converted(given.name, given.graph, given.layers, about, **options)
        else:
            added = adding.from_keras(given.name, given.model, about, **options)
    except DiffersError as error:
        print(verify_text.table(error.verification), file=sys.stderr)
        print(f"\n{verify_text.conclusion(error.verification)}\n{error}", file=sys.stderr)
        return 1
    except (DigitParityError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    _print(added)
    return 0


def _print(added: Added) -> None:
    result = added.verification
    print(f"{verify_text.table(result)}\n\n{verify_text.conclusion(result)}")
    if all(check.lane.runtime == TENSORFLOW for check in result.checks):
        print("TensorFlow.js is not installed, so it was not asked: `python -m models.tfjs`.")
    if added.right is not None:
        print(f"It reads {added.right:.1%} of the {result.images:,} example digits right.")
        if added.right < 0.5:
            print("Was it trained on grey values from 0 to 255? Then add it with --scale 255.")
    print(f"{added.folder} is added; a dashboard that is running offers it from now on.")


def _parser() -> argparse.ArgumentParser:
    summary, _, rest = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        "python -m models.add",
        description=summary,
        epilog=rest,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", help="letters, digits, - and _")
    parser.add_argument("model", metavar="MODEL", nargs="?", type=Path, help="what Keras saved")
    parser.add_argument("--graph", metavar="DIR", type=Path, help="a converted graph model")
    parser.add_argument("--layers", metavar="DIR", type=Path, help="a converted layers model")
    parser.add_argument(
        "--scale",
        type=_scale,
        default=1.0,
        help="the model takes pixels from 0 to this (default 1; 255 for plain grey values)",
    )
    parser.add_argument("--classes", metavar="A,B,…", help="their names (default 0,1,…)")
    parser.add_argument("--title", help="what people call the model (default NAME)")
    parser.add_argument("--replace", action="store_true", help="take the place of a model NAME")
    parser.add_argument("--atol", type=float, default=ATOL, help=f"to verify by, default {ATOL:g}")
    parser.add_argument("--rtol", type=float, default=RTOL, help=f"to verify by, default {RTOL:g}")
    return parser


def _scale(text: str) -> float:
    value = float(text)
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError("expected a number above 0, such as 255")
    return value
