"""A browser as a child process: it ends, with all its children, when the block does."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import ModelError, escaped
from models.runtimes.browser import ends_with_me, launch
from models.runtimes.browser.program import Program

_ENDING = 20.0  # seconds that the whole family of a browser may take to be gone
_LAST = 2_000  # bytes of what it said that are looked at
_LONGEST = 200  # characters of them that are shown


class Child:
    """One run of a browser."""

    def __init__(self, program: Program, process: subprocess.Popen[bytes], log: Path) -> None:
        self._program, self._process, self._log = program, process, log

    def ended(self) -> str | None:
        """How it ended by itself, in a sentence; None while it runs."""
        code = self._process.poll()
        if code is None:
            return None
        how = f"signal {code - 128}" if code > 128 else f"exit code {code}"
        return f"{self._program.name} ended before it answered: {how} ({self._last_words()})."

    def _last_words(self) -> str:
        with self._log.open("rb") as log:
            log.seek(max(0, self._log.stat().st_size - _LAST))
            lines = log.read().decode("utf-8", "replace").strip().splitlines()
        said = escaped(lines[-1].strip()) if lines else "it said nothing"
        return said if len(said) <= _LONGEST else f"{said[:_LONGEST]} …"


@contextmanager
def running(program: Program, address: str) -> Iterator[Child]:
    """The browser on ``address``, with a profile that is removed. Raises ModelError where it cannot
    be started.
    """
    # What a browser writes while it is being ended may come after the folder was emptied.
    with tempfile.TemporaryDirectory(
        prefix="digit-parity-", ignore_cleanup_errors=True
    ) as temporary:
        profile, log = Path(temporary, "profile"), Path(temporary, "log.txt")
        profile.mkdir()
        command = launch.command(program, launch.opening(program, address, profile.parent), profile)
        with log.open("wb") as said:
            try:
                process = subprocess.Popen(
                    [sys.executable, "-I", "-S", ends_with_me.__file__, *command],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=said,
                    start_new_session=True,  # Ctrl+C is for us, and ends the block
                    env=os.environ | launch.environment(program, profile),
                )
            except OSError as error:
                raise ModelError(f"{program.path} cannot be started: {error}") from error
        try:
            yield Child(program, process, log)
        finally:
            assert process.stdin is not None
            process.stdin.close()  # tells it to end the browser
            try:
                process.wait(_ENDING)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
