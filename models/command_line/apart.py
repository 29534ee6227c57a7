"""Runs a command in a process of its own, which may die without taking anything along.

TensorFlow ends the whole process on some networks, by an illegal instruction say, and no exception
comes before that. The process that a user started stays, and says so in a sentence. To try only the
model in another process would cost seconds: TensorFlow would be imported twice.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from models.errors import ModelError
from models.runtimes import os_calls

_STEPS = "DIGIT_PARITY_STEPS"  # the file in which such a process keeps its latest step


def run() -> int:
    """Run this process's command line again in another process, and return its exit code.

    Raises ModelError, with the signal's name and the last step, when that process dies.
    """
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        steps = Path(temporary) / "steps"
        # What it leaves in its folder for temporary files, when it dies, is removed with ours.
        places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), temporary)
        child = subprocess.Popen(
            [sys.executable, *sys.orig_argv[1:]],
            env=os.environ | places | {_STEPS: str(steps)},
        )
        # Whoever ends this process means that one.
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        code = _wait(child)
        if not os_calls.died(code):
            return code
        last = steps.read_text("utf-8") if steps.is_file() else "loading the model"
    raise ModelError(
        f"The process that tried the model died ({os_calls.how_it_ended(code)}). Its last step: "
        f"{last}. Nothing was changed; on this machine, the packages cannot run that model."
    )


def here() -> bool:
    """Whether this is such a process."""
    return _STEPS in os.environ


def keep_steps() -> None:
    """Keep the latest step, which the library logs at the level INFO, for who waits."""
    log = logging.getLogger("models")
    log.addHandler(_Steps(Path(os.environ[_STEPS])))
    log.setLevel(logging.INFO)
    log.propagate = False  # packages of TensorFlow print what comes to the root, steps too


def _wait(child: subprocess.Popen[bytes]) -> int:
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:  # the child has had it, too, and ends in its own way
            continue


class _Steps(logging.Handler):
    def __init__(self, path: Path) -> None:
        super().__init__(logging.INFO)
        self._path = path

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno > logging.INFO:
            logging.getLogger().handle(record)
        else:
            self._path.write_text(record.getMessage(), "utf-8")
