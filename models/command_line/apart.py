"""Runs a command in a process of its own, which may die without taking anything along.

TensorFlow ends the whole process on some networks, by an illegal instruction say, and no exception
comes before that. The process that a user started stays, and runs the command again without what
was tried then (``models.runtimes.process.trials``): the rest of the answer is worth it. To try each
lane in another process would cost seconds for every healthy model: TensorFlow would be imported
again.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from models.errors import ModelError
from models.runtimes.process import os_calls, trials

_STEPS = "DIGIT_PARITY_STEPS"  # the file in which such a process keeps its latest step

# Seconds that a step of a trial may take: loading, or a batch of 512 digits. MobileNetV2 on 56×56
# loads in 2.3 s and takes 0.4 s for a batch on two busy cores, so a machine, or a network, that is
# fifty times as slow is waited for. What takes longer is a loop without an end in a graph.
LONGEST_STEP = 120.0
_POLL = 1.0  # seconds


def run() -> int:
    """Run this process's command line again in another process, and return its exit code.

    When that process dies at a trial, or gets nowhere in it, the command is run once more without
    it. Raises ModelError, with the signal's name and the last step, when it dies elsewhere.
    """
    ended: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        steps, trying = Path(temporary) / "steps", Path(temporary) / "trying"
        files = {_STEPS: str(steps), trials.TRYING: str(trying)}
        # What it leaves in its folder for temporary files, when it dies, is removed with ours.
        places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), temporary)
        while True:
            child = subprocess.Popen(
                [sys.executable, *sys.orig_argv[1:]],
                env=os.environ | places | files | {trials.ENDED: json.dumps(ended)},
            )
            code, stuck = _wait(child, trying, steps)
            if not os_calls.died(code):
                return code
            how, last = os_calls.how_it_ended(code), _text(steps) or "loading the model"
            tried = _text(trying)
            if not tried or tried in ended or code == -signal.SIGTERM:
                break
            ended[tried] = (
                f"It gave no answer within {LONGEST_STEP:g} s, and was ended."
                if stuck
                else f"It ended its process ({how}): on this machine, the packages cannot run it."
            )
            trying.write_text("", "utf-8")
    raise ModelError(
        f"The process that tried the model died ({how}). Its last step: {last}. Nothing was "
        "changed; on this machine, the packages cannot run that model."
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


def _wait(child: subprocess.Popen[bytes], trying: Path, steps: Path) -> tuple[int, bool]:
    """The exit code, and whether the process was ended here because it got nowhere."""
    over, stuck = threading.Event(), threading.Event()

    def watch() -> None:
        seen, since = ("", ""), time.monotonic()
        while not over.wait(_POLL):
            now = (_text(trying), _text(steps))
            if now != seen or not now[0] or now[0].startswith(trials.PATIENT):
                seen, since = now, time.monotonic()
            elif time.monotonic() - since >= LONGEST_STEP:
                stuck.set()
                child.kill()
                return

    # Whoever ends this process means that one.
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    # A thread, since waiting with a time-out would look for the child's end twenty times a second.
    threading.Thread(target=watch, daemon=True).start()
    try:
        while True:
            try:
                return child.wait(), stuck.is_set()
            except KeyboardInterrupt:  # the child has had it, too, and ends in its own way
                continue
    finally:
        over.set()


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


class _Steps(logging.Handler):
    def __init__(self, path: Path) -> None:
        super().__init__(logging.INFO)
        self._path = path

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno > logging.INFO:
            logging.getLogger().handle(record)
        else:
            self._path.write_text(record.getMessage(), "utf-8")
