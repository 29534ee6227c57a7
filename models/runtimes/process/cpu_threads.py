"""How TensorFlow uses the processors: one for each piece of a batch, not all for each operation.

A small network's operations are so short that splitting each one and waiting for the parts costs
more than it saves: a single digit takes longer, and so does a batch.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def one_per_operation() -> None:
    """Limit each of TensorFlow's operations to one processor.

    Call this before TensorFlow is first used. A number already set in the environment is kept.
    """
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")


def count() -> int:
    """The number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_all(function: Callable[[T], R], parts: Sequence[T], at_once: int) -> list[R]:
    """Call ``function`` on every part, in parallel unless ``at_once`` is 1; results in order."""
    if at_once == 1 or len(parts) == 1:
        return [function(part) for part in parts]
    return list(_pool().map(function, parts))


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(count(), thread_name_prefix="batch")
