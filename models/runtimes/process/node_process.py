"""A Node that does one job after another: its start takes as long as many a job."""

from __future__ import annotations

import contextlib
import json
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from typing import Any

from models.errors import ModelError
from models.runtimes.process import os_calls


class NodeProcess:
    """Runs ``command`` from the first job until the block ends. One job at a time."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> NodeProcess:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None
            self._stderr.close()

    def run(self, job: dict[str, Any], timeout: float) -> tuple[Sequence[dict[str, Any]], str]:
        """Do a job. Returns the answers that it printed, and its failure in words or "".

        ``timeout`` is in seconds. After a failure the next job begins in a new process. Raises
        ModelError when Node cannot be started.
        """
        process = self._process = self._process or self._started()
        wanted = len(job.get("lanes", ())) + len(job.get("cases", ()))
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        watch = threading.Timer(timeout, end)
        watch.daemon = True  # Ctrl+C shall not wait for it
        watch.start()
        try:
            lines = _answers(process, job, wanted)
            if len(lines) < wanted:
                process.wait()
        finally:
            watch.cancel()
        failure = ""
        if len(lines) < wanted:
            failure = f"Node gave no answer within {timeout:g} s."
            if not late.is_set():
                failure = self._why_it_ended(process.returncode)
            self.__exit__()
        return lines, failure

    def _started(self) -> subprocess.Popen[bytes]:
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        pipe = subprocess.PIPE
        try:
            return subprocess.Popen(self._command, stdin=pipe, stdout=pipe, stderr=self._stderr)
        except OSError as error:
            self._stderr.close()
            raise ModelError(f"{self._command[0]} cannot be started: {error}") from error

    def _why_it_ended(self, code: int) -> str:
        self._stderr.seek(0)
        last = _last_words(self._stderr.read().decode("utf-8", "replace").strip())
        return f"Node ended: {os_calls.how_it_ended(code)} ({last})." if code else ""


def _answers(
    process: subprocess.Popen[bytes], job: dict[str, Any], wanted: int
) -> list[dict[str, Any]]:
    """Ask for a job; fewer answers than ``wanted`` where Node ends before."""
    assert process.stdin is not None and process.stdout is not None
    lines: list[dict[str, Any]] = []
    with contextlib.suppress(OSError):  # where it has ended, which its output shows
        process.stdin.write(json.dumps(job).encode() + b"\n")
        process.stdin.flush()
    # Skip what a library prints between the answers, and a last line that was cut short.
    while len(lines) < wanted and (line := process.stdout.readline()).endswith(b"\n"):
        if line.startswith(b'{"backend"'):
            lines.append(json.loads(line))
    return lines


def _last_words(stderr: str) -> str:
    """The line that says why, if there is one: behind lack of memory V8 prints a stack."""
    lines = stderr.splitlines()
    memory = (line for line in lines if "out of memory" in line)
    return next(memory, lines[-1] if lines else "it said nothing")
