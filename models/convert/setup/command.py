"""``digit-parity setup``, also ``python -m models.convert.setup``: install the official converter,
or what else a page can run a model with.

Exit codes: 0 installed, 1 not installed, and nothing has changed, 2 usage error.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import click

from models.command_line import output
from models.command_line.verb import verb
from models.convert.setup import prepared
from models.errors import DigitParityError
from models.runtimes.process.log_filter import quiet
from models.storage import locations
from models.storage.whole_folder import whole_folder
from models.tfjs import failures
from models.tfjs.alternatives import packages

PACKAGE = "tensorflowjs"
LOCK = Path(__file__).resolve().parents[1] / "requirements.txt"


class SetupError(DigitParityError):
    """The converter cannot be installed; the message says what to do."""


@verb(examples=("", "alternatives"))
@click.argument("what", type=click.Choice(["converter", "alternatives"]), default="converter")
def command(*, what: str) -> int:
    """Install the official converter, once, for what converts a Keras file, or the alternatives.

    A wheel cannot ask for it: it requires packages that have no wheels on some platforms and that
    no Keras file needs. It is installed without them into a folder of its own, from the index that
    pip is set up for. A checkout has it already.

    `alternatives` fetches LiteRT.js, ONNX Runtime Web and tf2onnx, for `digit-parity alternatives`,
    from npm's registry and pip's index: 115 MB that nothing else uses. It then converts the models
    that the dashboard shows, so that visitors of its Benchmark page can run them on their devices:
    run it again after adding one.

    Exit codes: 0 installed, 1 not installed, and nothing has changed, 2 the command was not
    understood.
    """
    return _alternatives() if what == "alternatives" else _converter()


def _alternatives() -> int:
    folder = packages.folder()
    with output.progress("Fetching LiteRT.js, ONNX Runtime Web and tf2onnx"):
        try:
            done = packages.install(lambda target: _pip(packages.LOCK, target, "tf2onnx"))
        except OSError as error:
            raise SetupError(failures.unwritten(error, f"400 MB in {folder.parent}")) from error
    was = "were" if done else "are"
    print(f"LiteRT.js, ONNX Runtime Web and tf2onnx {was} installed in {folder}.")
    quiet()
    for name in prepared.names():
        with output.progress(f"Converting {name} for the Benchmark page"):
            try:
                why = prepared.prepare(name)
            except OSError as error:
                raise SetupError(failures.unwritten(error, f"{name}'s files")) from error
        print(f"{name}: {why or 'the Benchmark page can run it.'}")
    return 0


def _converter() -> int:
    folder = locations.converter()  # where models.convert.official looks
    if importlib.util.find_spec(PACKAGE) is not None:
        print("The converter is installed in this environment.")
    elif is_current(folder):
        print(f"The converter is installed in {folder}.")
    else:
        with output.progress("Installing the converter"):
            install(folder)
        print(f"The converter was installed in {folder}.")
    return 0


def is_current(folder: Path) -> bool:
    """Whether the folder has the converter in the version that ``LOCK`` names."""
    found = next(iter(metadata.distributions(name=PACKAGE, path=[str(folder)])), None)
    locked = LOCK.read_text("utf-8").split()
    return found is not None and f"{PACKAGE}=={found.version}" in locked


def install(folder: Path) -> None:
    """Install what ``LOCK`` names into the folder, all or nothing. Raises SetupError."""
    try:
        with whole_folder(folder) as complete:
            _pip(LOCK, complete, "The converter")
    except OSError as error:
        raise SetupError(
            f"The converter cannot be written to {folder} ({error.strerror}). Make that folder "
            "writable, with some MB of room, and run `digit-parity setup` again."
        ) from error


def _pip(lock: Path, target: Path, called: str) -> None:
    """Install what is locked, and not what it requires. Raises SetupError."""
    options = ["--no-deps", "--require-hashes", "--requirement", str(lock)]
    done = subprocess.run(
        [*_installer(), "--quiet", *options, "--target", str(target)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        lines = done.stdout.strip().splitlines() or ["it gave no reason"]
        raise SetupError(
            f"{called} could not be installed: {lines[-1]}. Once the package index can be "
            "reached, run the same `digit-parity setup` again."
        )


def _installer() -> list[str]:
    """pip, or uv where an environment was made without pip. Raises SetupError without both."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
    uv = shutil.which("uv")
    if uv is None:
        raise SetupError(
            "Neither pip nor uv is here to install the converter with. "
            f"`{sys.executable} -m ensurepip` installs pip."
        )
    return [uv, "pip", "install", "--python", sys.executable]
