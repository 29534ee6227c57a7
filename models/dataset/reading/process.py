"""The process that reads files, as a child of this one."""

from __future__ import annotations

import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from models.dataset.dataset import Options
from models.dataset.names import shown
from models.dataset.part import Part
from models.dataset.reading import wire
from models.dataset.reading.wire import Asked

PATIENCE = 60.0  # seconds without a word, after which the process is killed
_END = 5.0  # seconds from its last word to its end
STEP = 0.1  # seconds between two looks at whether anybody still waits
_LOG = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parents[3]
# One thread and one heap: each more would take its share of the memory that is allowed.
_ALONE = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
_SLOW = -int(getattr(signal, "SIGXCPU", 0))  # how it ends when one call of a decoder takes too long


class DiedError(Exception):
    """The process ended while it read a file; a sentence says how."""


class Process:
    """One process, which reads files one after the other. Use it in a ``with``, which ends it."""

    def __init__(self, memory: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "models.dataset.reading", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_ROOT,
            env=os.environ | _ALONE,
        )
        self._said: queue.SimpleQueue[int | Part | None] = queue.SimpleQueue()
        self._told: Options | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        self._process.kill()
        self._process.wait()
        if self._thread is not None:
            self._thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was not written yet has nowhere to go
                assert pipe is not None
                pipe.close()

    def read(self, asked: Asked, look: Callable[[int], None]) -> Part:
        """Read a file. ``look`` is called every ``STEP`` with the number of pictures so far, and
        may raise. Raises DiedError.
        """
        # A thread, since a pipe cannot be waited for on every system, and a process that was
        # stopped would hold this one with a full pipe. It ends with the answer, or the process.
        self._thread = threading.Thread(
            target=self._ask, args=(asked,), daemon=True, name="reading"
        )
        self._thread.start()
        count, heard = 0, time.monotonic()
        while True:
            look(count)
            try:
                said = self._said.get(timeout=STEP)
            except queue.Empty:
                if time.monotonic() - heard > PATIENCE:
                    self.kill()
                    raise DiedError(_too_long(f"{PATIENCE:.0f} s without a word")) from None
                continue
            heard = time.monotonic()
            if isinstance(said, Part):
                return said
            if said is None:
                with suppress(subprocess.TimeoutExpired):  # it is ending by itself, with its code
                    self._process.wait(_END)
                self.kill()
                raise DiedError(_how(self._process.returncode))
            count = said

    def _ask(self, asked: Asked) -> None:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        try:
            wire.send_file(stdin, asked, self._told)
            self._told = asked.options
            picture = asked.options.target.picture
            if part := wire.receive_answer(stdout, asked.room, picture, self._said.put):
                self._said.put(part)
                return
        except Exception:  # it died; or it was overcome, and says anything
            _LOG.info("the process that reads %s gave no answer", shown(asked.name), exc_info=True)
        self._said.put(None)


def _how(code: int) -> str:
    if code and code == _SLOW:
        return _too_long("its time")
    name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return (
        f"The process that read it ended ({name}). The file may be damaged, or need more memory "
        "than there is: save it again, in another format, or divide it into several."
    )


def _too_long(time_taken: str) -> str:
    return f"Reading it took longer than {time_taken}. Save it in another format, or smaller."
