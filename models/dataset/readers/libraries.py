"""Libraries that are imported late: what they map into memory is not the file's."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STATM = Path("/proc/self/statm")  # Linux


@contextmanager
def with_room() -> Iterator[None]:
    """Let what is imported meanwhile take its place beside this process's limit on memory, not
    within it.
    """
    before = address_space()
    yield
    taken = address_space() - before
    if sys.platform == "win32" or taken <= 0:
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_AS, (soft + taken, hard))


def address_space() -> int:
    """Bytes that this process has taken; 0 where the system does not say."""
    if sys.platform == "win32" or not _STATM.exists():
        return 0
    import resource

    return int(_STATM.read_text("ascii").split()[0]) * resource.getpagesize()
