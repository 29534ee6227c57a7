"""``python -m models.runtimes.worker``: TensorFlow's process, which waits for the word to begin."""

from __future__ import annotations

import os

from models.runtimes.worker import BEGIN

NICE = 10  # the least claim to a processor is 19

if __name__ == "__main__" and os.read(0, len(BEGIN)) == BEGIN:
    # Not before: a server that has just started needs its processors for the first page.
    import importlib
    from concurrent.futures import ThreadPoolExecutor

    # Whoever waits for a digit goes first where both want a processor: before TensorFlow's loading
    # and before large batches. On Linux a thread can be nice on its own, and so are the threads
    # that it starts; elsewhere the whole process is.
    later = ThreadPoolExecutor(1, "later", os.nice, (NICE,))
    later.submit(importlib.import_module, "models.runtimes.worker.server").result().main(later)
