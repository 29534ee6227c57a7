"""The process that reads files: asked on standard input, it answers on standard output."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Now, before a picture takes the memory that there is: short of it, the OpenBLAS in SciPy tries
# again for ever.
import scipy.ndimage  # noqa: F401

from models.dataset.collector import Collector
from models.dataset.dataset import Options
from models.dataset.limits import Limits
from models.dataset.readers import choose
from models.dataset.reading import os_limits, wire

_EVERY = 0.2  # seconds between two messages on how far it is
_FIRST = 16 << 20  # bytes of pixels that are sent before a file's others are read


def main(memory: int) -> None:
    """Read one file after the other, until there are no more, with ``memory`` bytes for that."""
    os_limits.stand_back()
    os_limits.limit_memory(memory)
    asks, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints is no answer
    begun, latest = 0.0, 0.0  # the first file's time includes the start
    collector = Collector(Options())

    def progress(_file: str, count: int) -> None:
        nonlocal latest
        if collector.part.bytes >= _FIRST:
            with _while_the_server_lives():
                wire.send_digits(answers, collector.part.joined(collector.picture))
        if time.monotonic() - latest > _EVERY:
            latest = time.monotonic()
            with _while_the_server_lives():
                wire.write(answers, {"count": count})

    while (asked := wire.receive_file(asks, collector.options)) is not None:
        elsewhere = asked.limits.most(asked.options.target.picture) - asked.room
        collector = Collector(asked.options, asked.limits, progress, elsewhere=elsewhere)
        _read(asked.name, asked.content, collector, begun)
        with _while_the_server_lives():
            wire.send_part(answers, collector.part)
        begun = time.process_time()


@contextmanager
def _while_the_server_lives() -> Iterator[None]:
    """End this process where nobody hears it. A reader would take the error for one of its file."""
    try:
        with os_limits.held_clock():
            yield
    except BrokenPipeError:
        os._exit(0)


def _read(name: str, content: bytes | Path, collector: Collector, begun: float) -> None:
    limits = collector.limits

    def allowed() -> float:
        return begun + _seconds(limits, collector.seen)

    os_limits.start_clock(allowed)
    try:
        choose.read(name, content, collector)
        os_limits.stop_clock()
    except os_limits.OutOfTimeError:
        os_limits.stop_clock()
        seconds = _seconds(limits, collector.seen)
        collector.skip(
            name,
            f"Reading it took longer than {seconds:.0f} s of a processor, the time for a file of "
            f"{max(collector.seen, 1):,} pictures; what was not read by then was left out. Scale "
            "its pictures down, or divide it into several files.",
        )


def _seconds(limits: Limits, pictures: int) -> float:
    return limits.seconds + limits.seconds_a_picture * pictures


if __name__ == "__main__":
    main(int(sys.argv[1]))
