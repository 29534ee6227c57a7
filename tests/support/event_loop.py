"""Run a coroutine, whatever ran before in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run(job: Coroutine[Any, Any, T], seconds: float = 30) -> T:
    """Run ``job`` and return its result. Raises what it raises, and TimeoutError.

    Playwright leaves an event loop running in the main thread, where ``asyncio.run`` then fails;
    so this one has a thread of its own.
    """
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, job).result(seconds)
