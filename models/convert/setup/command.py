"""``digit-parity setup``, also ``python -m models.convert.setup``: install the official converter.

Exit codes: 0 installed, 1 not installed, and nothing has changed, 2 usage error.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from models.command_line import output
from models.command_line.verb import verb
from models.errors import DigitParityError
from models.storage import locations
from models.storage.whole_folder import whole_folder

PACKAGE = "tensorflowjs"
LOCK = Path(__file__).resolve().parents[1] / "requirements.txt"


class SetupError(DigitParityError):
    """The converter cannot be installed; the message says what to do."""


@verb(examples=("",))
def command() -> int:
    """Install the official converter, once, for what converts a Keras file.

    A wheel cannot ask for it: it requires packages that have no wheels on some platforms and that
    no Keras file needs. It is installed without them into a folder of its own, from the index that
    pip is set up for. A checkout has it already.

    Exit codes: 0 installed, 1 not installed, and nothing has changed, 2 the command was not
    understood.
    """
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
    options = ["--no-deps", "--require-hashes", "--requirement", str(LOCK)]
    try:
        with whole_folder(folder) as complete:
            _run([*_installer(), "--quiet", *options, "--target", str(complete)])
    except OSError as error:
        raise SetupError(
            f"The converter cannot be written to {folder} ({error.strerror}). Make that folder "
            "writable, with some MB of room, and run `digit-parity setup` again."
        ) from error


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command,
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
            f"The converter could not be installed: {lines[-1]}. Once the package index can be "
            "reached, run `digit-parity setup` again."
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
