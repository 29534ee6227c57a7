"""``python -m models.worker_start``: TensorFlow's process, which waits for the word to begin."""

from __future__ import annotations

import os

NICE = 10  # the least claim to a processor is 19
BEGIN = b"\n"

if __name__ == "__main__":
    # The page goes first where both want a processor: while TensorFlow loads, and in large batches.
    os.nice(NICE)
    if os.read(0, len(BEGIN)) == BEGIN:
        from models import worker_process

        worker_process.main()
