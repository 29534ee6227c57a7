"""``python -m models.worker_start SECONDS``: TensorFlow's process, which waits so long first."""

from __future__ import annotations

import os
import sys
import time

NICE = 10  # the least claim to a processor is 19

if __name__ == "__main__":
    # The page goes first where both want a processor: while TensorFlow loads, and in large batches.
    os.nice(NICE)
    time.sleep(float(sys.argv[1]))
    from models import worker_process

    worker_process.main()
