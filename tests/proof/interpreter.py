"""A clone and a new environment, with this Python

Run it by the interpreter in question; it needs no package. `make install` sets everything up, then
the tests of the library and of the pages run, the shipped model is verified, and both lines of the
README that convert it give the files that ship.
"""

from __future__ import annotations

import filecmp
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.proof.given import Given

ROOT = Path(__file__).resolve().parents[2]
FILE = f"python-{sys.version_info[0]}.{sys.version_info[1]}"
TESTS = ("tests/models", "tests/app")


def prove(_: Given) -> Iterator[str]:
    """Yields lines of Markdown; raises subprocess.CalledProcessError where a step fails."""
    with tempfile.TemporaryDirectory() as temporary:
        clone = Path(temporary) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        install = ["make", "install", f"PYTHON={sys.executable}"]
        yield f"- `make install` took {_timed(clone, install):.0f} s, "
        yield f"  the second time {_timed(clone, install):.1f} s."
        _run(clone, ["make", ".venv/installed-dev"])
        yield f"- `pip check`: {_run(clone, ['.venv/bin/pip', 'check'])[-1]}"
        yield f"- `pytest {' '.join(TESTS)}`: {_tests(clone)}"
        yield f"- `digit-parity verify`: {_run(clone, ['.venv/bin/digit-parity', 'verify'])[-1]}"
        yield f"- `tensorflowjs_converter`: {_converted(clone)}"


def _tests(clone: Path) -> str:
    options = ["-q", "-p", "no:cacheprovider", *TESTS]
    summary = _run(clone, [".venv/bin/python", "-m", "pytest", *options])[-1]
    return summary.partition(" in ")[0]


def _converted(clone: Path) -> str:
    """Convert as the README does, and compare the files with those that ship."""
    shipped = clone / "models" / "mnist"
    compared = 0
    for form in ("graph", "layers"):
        out = clone / f"converted_{form}"
        converter = str(clone / ".venv" / "bin" / "tensorflowjs_converter")
        formats = ["--input_format=keras", f"--output_format=tfjs_{form}_model"]
        _run(shipped, [converter, *formats, "mnist_model.h5", str(out)])
        ours = shipped / f"model_{form}"
        for file in sorted(out.glob("*.bin")):
            same = filecmp.cmp(file, ours / file.name, shallow=False)
            assert same, f"{file.name} of the {form} model differs"
            compared += 1
        described, expected = (
            json.loads((folder / "model.json").read_text("utf-8")) for folder in (out, ours)
        )
        assert described == expected, f"model.json of the {form} model differs"
    return (
        f"the {compared} weight files of both formats are those that ship, byte by byte, "
        "and both model.json are equal."
    )


def _timed(clone: Path, command: Sequence[str]) -> float:
    start = time.perf_counter()
    _run(clone, command)
    return time.perf_counter() - start


def _run(folder: Path, command: Sequence[str]) -> list[str]:
    """The lines that a command prints. Raises CalledProcessError, after printing them."""
    done = subprocess.run(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        print(done.stdout, file=sys.stderr)
    done.check_returncode()
    return done.stdout.strip().splitlines() or [""]
