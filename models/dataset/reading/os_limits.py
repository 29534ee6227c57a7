"""What a process may take, held by the operating system: memory, and a processor's time.

Windows has neither limit: there, as for a process that stands still, the waiting side's patience
ends it (``process.PATIENCE``). macOS does not hold the limit on memory.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from models.dataset.readers.libraries import address_space

_NICENESS = 5
_GRACE = 2  # seconds more, after which the process is killed: one call of a decoder may not end
_AGAIN = 0.5  # seconds; an exception within a destructor is lost, so it is raised again


class OutOfTimeError(BaseException):
    """The time is over. No ``except Exception`` of a reader takes it for a damaged file."""


def stand_back() -> None:
    """Let others go first: a stroke's answer must not wait for a set. Ctrl-C is for the one who
    asked, who ends this process.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_NICENESS)


def limit_memory(more: int) -> None:
    """Let this process take ``more`` bytes beside what it has; then comes MemoryError."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no file of what visitors sent, if it dies
    if taken := address_space():
        most = taken + more
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


@contextmanager
def held_memory(more: int) -> Iterator[None]:
    """Let this process take ``more`` bytes beside what it has, meanwhile. A library in C may end it
    where Python raises MemoryError.
    """
    if sys.platform == "win32":
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    taken = address_space()
    if taken and (before[0] == resource.RLIM_INFINITY or taken + more < before[0]):
        resource.setrlimit(resource.RLIMIT_AS, (taken + more, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def start_clock(allowed: Callable[[], float]) -> None:
    """Raise OutOfTimeError in the main thread once the process has used ``allowed()`` seconds of a
    processor, which may grow meanwhile. Some seconds later the process is killed.
    """
    if sys.platform == "win32":
        return

    def look(_signal: int, _frame: Any) -> None:
        left = allowed() - time.process_time()
        _set_alarm(max(left, _AGAIN))
        if left <= 0:
            raise OutOfTimeError

    signal.signal(signal.SIGPROF, look)
    _set_alarm(max(allowed() - time.process_time(), _AGAIN))


@contextmanager
def held_clock() -> Iterator[None]:
    """Raise only afterwards: what is written meanwhile must not break off."""
    if sys.platform == "win32":
        yield
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGPROF])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGPROF])


def stop_clock() -> None:
    """Raise nothing more."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, 0)


def _set_alarm(seconds: float) -> None:
    if sys.platform == "win32":
        return
    import resource

    killed_at = int(time.process_time() + seconds) + 1 + _GRACE
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    if hard == resource.RLIM_INFINITY or killed_at < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (killed_at, hard))
    signal.setitimer(signal.ITIMER_PROF, seconds)
