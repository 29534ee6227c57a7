"""The processes of a server that this process started, and their use of memory and processor.

Only Linux tells what share of shared memory a process has, so other systems have no such figures.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True)
class Server:
    """The ids of the process that serves the page and of its child with TensorFlow."""

    page: int
    worker: int

    def memory(self) -> tuple[float, float]:
        """Megabytes (10⁶ bytes) in use by each: private memory and its share of shared memory."""
        return _memory(self.page), _memory(self.worker)

    def cpu_seconds(self) -> tuple[float, float]:
        """Seconds of processor time that each has used."""
        return _cpu(self.page), _cpu(self.worker)


def find() -> Server:
    """The server that this process started. Raises LookupError if it or its worker does not run.

    Where there is no ``/proc``, this process ends and says what to do.
    """
    if not _PROC.is_dir():
        sys.exit("Memory and processor time are read from Linux's /proc. Measure them on Linux.")
    page = _child(os.getpid(), "streamlit")
    return Server(page, _child(page, "models.runtimes.worker"))


def _child(parent: int, word: str) -> int:
    for folder in _PROC.glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
            if _stat(folder)[1] == str(parent) and word.encode() in line:
                return int(folder.name)
        except OSError:  # the process has just ended
            continue
    raise LookupError(f"Process {parent} has no child that runs {word}.")


def _stat(folder: Path) -> list[str]:
    """The fields after the command's name, which may hold anything: state, parent, …"""
    return (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()


def _cpu(process: int) -> float:
    fields = _stat(_PROC / str(process))
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(process: int) -> float:
    lines = (_PROC / str(process) / "smaps_rollup").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6
