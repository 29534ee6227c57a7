"""``make proof``, or ``python -m tests.proof NAME…``: run proofs, and keep what they print.

A proof that fails ends with an exception, and leaves what it printed before as it was.
"""

from __future__ import annotations

import argparse
import importlib
import platform
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tests.proof.given import IMAGES, Given, NotGivenError

PRINTED = Path(__file__).with_name("printed")
# Modules with `prove(Given) -> Iterator[str]`, lines of Markdown.
PROOFS = (
    "wheel",
    "interpreter",
    "browsers",
    "faults",
    "reports",
    "healthy",
    "rounding",
    "truth",
)


def run(name: str, given: Given) -> None:
    """Run one proof; print its lines as they come, and write them at the end.

    Raises NotGivenError before anything is run.
    """
    module = importlib.import_module(f"tests.proof.{name}")
    lines = [f"# {(module.__doc__ or name).splitlines()[0]}", ""]
    lines += [f"{date.today()}, Python {platform.python_version()} on {_system()}.", ""]
    for number, line in enumerate(module.prove(given)):
        if not number:
            print("\n".join(lines), flush=True)
        print(line, flush=True)
        lines.append(line)
    file = PRINTED / f"{getattr(module, 'FILE', name)}.md"
    file.write_text("\n".join(lines) + "\n", "utf-8")


def _system() -> str:
    """The name of the system and of the machine's kind, as ``Debian GNU/Linux 12, x86_64``."""
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        name = platform.system()
    return f"{name}, {platform.machine()}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the named proofs, or all that have what they need. Returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(PROOFS))
    parser.add_argument("--data", type=Path, metavar="NPZ", help="as Keras's mnist.npz")
    parser.add_argument("--cases", type=Path, metavar="FOLDER", help="as benchmarks.truth takes")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keeps trained networks")
    parser.add_argument("--images", type=int, default=IMAGES, metavar="N")
    options = vars(parser.parse_args(arguments))
    names = options.pop("names")
    unknown = sorted(set(names) - set(PROOFS))
    if unknown:
        print(f"There is no proof {unknown[0]!r}. Proofs: {', '.join(PROOFS)}.", file=sys.stderr)
        return 2
    for name in names or PROOFS:
        try:
            run(name, Given(**options))
        except NotGivenError as missing:
            print(f"The proof {name!r} was left out: it needs {missing}.", file=sys.stderr)
            if names:
                return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
