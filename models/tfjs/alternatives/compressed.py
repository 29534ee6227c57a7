"""The size of files as a server sends them that compresses them once, by Brotli."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from models.errors import ModelError
from models.tfjs import bundle

SCRIPT = Path(__file__).with_name("brotli.js")
_SECONDS = 300.0
_one = threading.Lock()  # who asks at the same time waits for the same answer


def size(paths: Iterable[Path]) -> int:
    """The bytes of all files, each compressed by itself. Raises BundleError without Node,
    ModelError where it cannot compress them.
    """
    with _one:
        return sum(_size(path, path.stat().st_mtime_ns) for path in paths)


@lru_cache(maxsize=256)  # by file: who asks for many choices of them has each compressed once
def _size(path: Path, _modified: int) -> int:
    command = [str(bundle.node()), str(SCRIPT), str(path)]
    try:
        done = subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        raise ModelError(f"Node cannot compress a page's files: {error}") from error
    return int(done.stdout)
