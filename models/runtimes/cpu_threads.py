"""How TensorFlow shares the processors: one for each piece of a batch, not all for each operation.

A small network's operations are so short that cutting each in pieces and waiting for all of them
costs more than it gains: one digit takes longer, and a batch too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def one_each() -> None:
    """Let every operation of TensorFlow keep to one processor, from its first use on.

    To be called before that. A number that the environment holds already stays.
    """
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")


def count() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def each(function: Callable[[T], R], parts: Sequence[T], at_once: int) -> list[R]:
    """``function`` of every part, in order; several at once, unless ``at_once`` is 1."""
    if at_once == 1 or len(parts) == 1:
        return [function(part) for part in parts]
    return list(_pool().map(function, parts))


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(count(), thread_name_prefix="batch")
