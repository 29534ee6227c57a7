"""Calls of the operating system that not every system has, each with what happens without it.

``tests/test_platforms.py`` keeps such calls out of other modules. This one imports little: a new
server's TensorFlow process has it before it may use the processors.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def lower_priority(by: int) -> None:
    """Add ``by`` to this thread's niceness, on macOS to the whole process's.

    Windows has no niceness, and being polite is not worth a failure: there nothing happens.
    """
    if hasattr(os, "nice"):
        os.nice(by)


def claim_output() -> IO[bytes]:
    """Standard output, for the caller alone: what others print goes to standard error.

    Without ``os.dup2`` that holds for Python's prints only, not for those of libraries in C.
    """
    if not hasattr(os, "dup2"):
        output: IO[bytes] = sys.stdout.buffer
        sys.stdout = sys.stderr
        return output
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return output


def keep_errors_to_python() -> None:
    """Standard error, for Python alone: what libraries in C print there goes nowhere.

    Without ``os.dup2``, or without standard error, nothing changes.
    """
    if sys.stderr is None or not hasattr(os, "dup2"):
        return
    encoding = sys.stderr.encoding
    sys.stderr = os.fdopen(os.dup(2), "w", 1, encoding=encoding, errors="backslashreplace")
    _lead_nowhere(2)


def discard_output() -> None:
    """Send further output nowhere: Python flushes at exit, and would report a broken pipe."""
    if not hasattr(os, "dup2"):
        nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        sys.stdout = sys.stderr = nowhere
        return
    for stream in (sys.stdout, sys.stderr):
        _lead_nowhere(stream.fileno())


def _lead_nowhere(descriptor: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def died(code: int) -> bool:
    """Whether a process with this exit code was ended from outside, or by its own fault."""
    return code < 0 or code > 255  # Windows has no signals: its codes of faults are large


def how_it_ended(code: int) -> str:
    """A child process's exit code in words: ``SIGILL, Illegal instruction`` or ``exit code 3``."""
    if code > 255:
        return f"exit code {code:#x}"
    try:
        name = signal.Signals(-code).name
        # Linux ends the process that takes most memory when there is none left.
        hint = ", perhaps for lack of memory" if name == "SIGKILL" else ""
        return f"{name}, {signal.strsignal(-code)}{hint}"
    except ValueError:
        return f"exit code {code}"


def is_root() -> bool:
    """Whether this process may do anything; on Windows, which has no root, nobody is."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def work_done(pid: int) -> tuple[int, ...] | None:
    """Numbers that grow while a process works: pages read from disk, processor time in ticks.

    A stopped process does no work. None where the system does not tell, as macOS and Windows.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        return int(fields[9]), int(fields[11]), int(fields[12])
    except (OSError, LookupError, ValueError):
        return None


def reader_left(error: BaseException) -> bool:
    """Whether a pipe could not be written to because nobody reads it any more."""
    # Windows has no such error: Python is told that an argument was invalid, and of no file.
    told_by_windows = (
        sys.platform == "win32"
        and isinstance(error, OSError)
        and error.errno == errno.EINVAL
        and error.filename is None
    )
    return isinstance(error, BrokenPipeError) or told_by_windows


@contextmanager
def while_somebody_reads() -> Iterator[None]:
    """End the block, without an error, when nobody reads the pipe that it writes to."""
    try:
        yield
    except OSError as error:
        if not reader_left(error):
            raise


def allow_open_files(wanted: int) -> int:
    """Let this process open ``wanted`` files, or as many as it may; returns how many.

    Windows, which has no such limit, gives ``wanted``.
    """
    try:
        import resource
    except ImportError:
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == resource.RLIM_INFINITY else soft
