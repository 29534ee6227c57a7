"""``environment.py VENV PYTHON ARGUMENT…``: ``pip install ARGUMENT…`` in an environment that works.

The Makefile runs this with any Python that starts, 3.6 included, so that it can say which ones fit.
VENV is made of PYTHON or, if that is empty, of the newest that fits. It is made again when its
interpreter has gone or an installation was cut off: pip takes half a package for a whole one.
"""
# ruff: noqa: UP006, UP021, UP035, UP045 — the newer forms do not run on Python 3.6

import contextlib
import errno
import fcntl  # never missing: make is not on Windows
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

ROOT = Path(__file__).resolve().parent.parent
# GB that requirements.txt took: the packages, and their wheels while pip installs them.
PACKAGES, WHEELS = 3, 0.9
# Less is full for ensurepip, which does not say why it failed, and cleans up before it ends.
LITTLE = 50_000_000  # bytes
UNFINISHED = "unfinished"  # a file in the environment while something is installed
VERSION = "print('%d.%d.%d' % sys.version_info[:3])"
FULL = re.compile(r"No space left on device|Disk quota exceeded")
UNREACHABLE = re.compile(
    r"NewConnectionError|NameResolutionError|ProxyError|SSLError|ConnectTimeoutError"
    r"|ReadTimeoutError|Failed to establish a new connection|HTTP error [45]\d\d"
)


class SetupError(Exception):
    """What is wrong and what to do; ``halfway`` if a package may be half installed."""

    def __init__(self, sentence: str, halfway: bool = False) -> None:
        super().__init__(sentence)
        self.halfway = halfway


def main(arguments: List[str]) -> int:
    """The command. Returns its exit code."""
    venv, python = ROOT / arguments[0], arguments[1]
    try:
        with locked():
            fault = find_fault(venv, python)
            if fault is not None:
                make(venv, choose(python, venv), fault)
            install(venv, arguments[2:])
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        print(full_disk(venv) if full else error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """Wait until no other process installs. The lock ends with this process and its pip."""
    with Path(__file__).open() as file:
        os.set_inheritable(file.fileno(), True)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another make is installing; this one waits for it.", file=sys.stderr)
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError:
            pass  # a disk without locks
        yield


def find_fault(venv: Path, python: str) -> Optional[str]:
    """Why the environment has to be made (again); None if it works and is of PYTHON, if given."""
    if not venv.is_dir():
        return "there is none"
    if (venv / UNFINISHED).exists():
        return "its installation was cut off"
    version, works = ask(str(venv / "bin" / "python"), f"import sys; {VERSION}; import pip")
    if version is None or not works:
        return "its Python or its pip has gone"
    named = ask(python, f"import sys; {VERSION}")[0] if python else version
    is_named = named is not None and minor(named) == minor(version)
    return None if is_named and fits(version) else f"it has Python {version}"


def ask(python: str, code: str) -> Tuple[Optional[str], bool]:
    """What an interpreter prints, None if it does not start, and whether the code has no error."""
    try:
        done = subprocess.run(
            [python, "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            universal_newlines=True,
            check=False,
        )
    except OSError:
        return None, False
    return done.stdout.strip() or None, done.returncode == 0


def supported() -> List[str]:
    """The versions that pyproject.toml names, oldest first: ``["3.11", …]``."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    oldest, beyond = re.findall(r'requires-python = ">=3\.(\d+),<3\.(\d+)"', text)[0]
    return [f"3.{number}" for number in range(int(oldest), int(beyond))]


def minor(version: str) -> str:
    """``3.11`` of ``3.11.7``."""
    return version.rpartition(".")[0]


def fits(version: str) -> bool:
    """Whether ``3.11.7`` is of a supported version."""
    return minor(version) in supported()


def choose(python: str, venv: Path) -> str:
    """The interpreter to make the environment of. Raises SetupError when none will do."""
    inside = str(venv / "bin")  # on the path where it is activated, and about to go
    paths = os.environ["PATH"].split(os.pathsep)
    os.environ["PATH"] = os.pathsep.join(path for path in paths if path != inside)
    *older, newest = supported()
    candidates = [*(f"python{each}" for each in reversed(supported())), "python3", "python"]
    found = {}
    incomplete = ""
    for name in [python] if python else candidates:
        version, complete = ask(name, f"import sys; {VERSION}; import venv, ensurepip")
        if version is None:
            continue
        if fits(version) and complete:
            return name
        found[name] = version
        if fits(version):
            incomplete = incomplete or name
    if incomplete:
        package = f"python{minor(found[incomplete])}-venv"
        raise SetupError(
            f"{incomplete} cannot make an environment, because it lacks venv or ensurepip: install "
            f"them, on Debian and Ubuntu with `sudo apt install {package}`, and try again."
        )
    takes = f"{', '.join(older)} or {newest}" if older else newest
    listed = ", ".join(f"{name} is {version}" for name, version in found.items())
    nothing = f"{python} does not start" if python else "none starts"
    raise SetupError(
        f"Digit Parity runs on Python {takes}, and here {listed or nothing}: install one of "
        f"these, or name it, as in `make run PYTHON=/usr/bin/python{newest}`."
    )


def make(venv: Path, python: str, why: str) -> None:
    """Make the environment, an empty one where there is one."""
    print(f"{venv.name} is made with {python}, because {why}.", flush=True)
    venv.mkdir(exist_ok=True)
    (venv / UNFINISHED).touch()  # first, so that half of the old one is not taken for whole
    for path in venv.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(str(path))
        elif path.name != UNFINISHED:
            path.unlink()
    run([python, "-m", "venv", str(venv)], venv)


def install(venv: Path, arguments: List[str]) -> None:
    """Run ``pip install``. Until it is through, the environment is marked as unfinished."""
    print("pip install", *arguments, flush=True)
    mark = venv / UNFINISHED
    mark.touch()
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check"]
    try:
        run([*pip, "--quiet", *arguments], venv)
    except SetupError as error:
        if not error.halfway:
            mark.unlink()
        raise
    mark.unlink()


def run(command: List[str], venv: Path) -> None:
    """Run a command. Raises SetupError when it fails."""
    done = subprocess.run(
        command, stderr=subprocess.PIPE, universal_newlines=True, close_fds=False, check=False
    )
    said = done.stderr
    if done.returncode == 0:
        sys.stderr.write(said)
    elif FULL.search(said) or ("ensurepip" in said and shutil.disk_usage(str(venv)).free < LITTLE):
        raise SetupError(full_disk(venv), halfway=True)
    elif UNREACHABLE.search(said):
        raise SetupError(
            "pip cannot reach its package index: connect this machine, or set pip's `proxy` or "
            "`index-url` (`pip config set`), and try again."
        )
    else:
        halfway = done.returncode < 0 or "OSError" in said
        raise SetupError(
            f"{said}`{' '.join(command)}` failed, exit code {done.returncode}", halfway=halfway
        )


def full_disk(venv: Path) -> str:
    """The sentence about a full disk."""
    wheels = tempfile.gettempdir()
    here, there = (shutil.disk_usage(str(place)).free / 1e9 for place in (venv.parent, wheels))
    return (
        f"No space is left on the disk: {venv} needs {PACKAGES} GB ({here:.1f} are free), and pip "
        f"{WHEELS} GB in {wheels} ({there:.1f} are free; TMPDIR=FOLDER names another folder); make "
        "room and try again."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
