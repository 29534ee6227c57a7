"""``python -m models.runtimes.worker``: TensorFlow's process, which waits for ``BEGIN``."""

from __future__ import annotations

import os

from models.runtimes.worker import BEGIN

NICE = 10  # of 0, the usual priority, to 19, the lowest

if __name__ == "__main__" and os.read(0, len(BEGIN)) == BEGIN:
    # Nothing is imported before: a new server needs its processors for the first page.
    import importlib
    from concurrent.futures import ThreadPoolExecutor

    from models.runtimes.process import os_calls

    # A single digit has priority over loading TensorFlow and over large batches. On Linux a thread
    # has a niceness of its own, which the threads that it starts inherit.
    background = ThreadPoolExecutor(1, "background", os_calls.lower_priority, (NICE,))
    server = background.submit(importlib.import_module, "models.runtimes.worker.server").result()
    server.main(background)
