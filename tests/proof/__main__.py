"""``make proof``, or ``python -m tests.proof NAME…``: run proofs, and keep what they print.

A proof that fails ends with an exception, and leaves what it printed before as it was.
"""

from __future__ import annotations

import importlib
import platform
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

PRINTED = Path(__file__).with_name("printed")
PROOFS = ("wheel", "interpreter")  # modules with `prove() -> Iterator[str]`, lines of Markdown


def run(name: str) -> None:
    """Run one proof; print its lines as they come, and write them at the end."""
    module = importlib.import_module(f"tests.proof.{name}")
    lines = [f"# {(module.__doc__ or name).splitlines()[0]}", ""]
    lines += [f"{date.today()}, Python {platform.python_version()} on {_system()}.", ""]
    print("\n".join(lines), flush=True)
    for line in module.prove():
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


def main(names: Sequence[str]) -> int:
    """Run the named proofs, or all. Returns the exit code."""
    unknown = sorted(set(names) - set(PROOFS))
    if unknown:
        print(f"There is no proof {unknown[0]!r}. Proofs: {', '.join(PROOFS)}.", file=sys.stderr)
        return 2
    for name in names or PROOFS:
        run(name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
