"""``digit-parity serve``: the dashboard of this checkout or wheel, from any directory."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from models.command_line import not_installed
from models.command_line.verb import verb
from models.errors import DigitParityError

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = "streamlit_app.py"
MODELS = "DIGIT_PARITY_MODELS"  # as in models.formats.store, whose import takes a second
DEFAULT = "DIGIT_PARITY_DEFAULT"  # as in app.session.usable_models


@verb(examples=("", "--port 8502 --address 127.0.0.1", "-- --server.headless true"))
@click.option("--port", type=click.IntRange(1, 65535), help="Where it listens; 8501 unless given.")
@click.option("--address", help="On which of this machine's addresses; all unless given.")
@click.option(
    "--default",
    metavar="NAME[,NAME...]",
    help="The model that pages show first, and those that come after it; mnist unless given.",
)
@click.argument(
    "streamlit",
    nargs=-1,
    type=click.UNPROCESSED,
    metavar="[-- OPTION...]",
    help="What comes after -- is for Streamlit.",
)
def command(
    *, port: int | None, address: str | None, default: str | None, streamlit: Sequence[str]
) -> int:
    """Start the dashboard. Ctrl+C ends it.

    The exit code is Streamlit's, or 1 where it cannot be started.
    """
    if not (ROOT / SCRIPT).is_file():
        raise DigitParityError(
            f"{ROOT / SCRIPT} is missing, so this installation is incomplete: install it again."
        )
    if importlib.util.find_spec("streamlit") is None:
        raise DigitParityError(not_installed("streamlit"))
    options = [] if port is None else ["--server.port", str(port)]
    options += [] if address is None else ["--server.address", address]
    models = os.environ.get(MODELS)
    if models:  # relative to the user's folder, as for the other commands
        os.environ[MODELS] = str(Path(models).resolve())
    if default:
        os.environ[DEFAULT] = default
    os.chdir(ROOT)  # where Streamlit looks for its settings
    sys.stdout.flush()
    server = [sys.executable, "-m", "streamlit", "run", SCRIPT, *options, *streamlit]
    if sys.platform == "win32":
        return _as_child(server)
    # The server replaces this process, so that signals reach it directly.
    os.execv(sys.executable, server)


def _as_child(server: Sequence[str]) -> int:
    """Run the server and return its exit code: on Windows, ``execv`` returns to the shell at once.

    Ctrl+C reaches every process of a console, so the server has its own and ends.
    """
    with subprocess.Popen(server) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
