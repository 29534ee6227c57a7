"""Wait by polling for a sign that nothing announces."""

from __future__ import annotations

import time
from collections.abc import Callable

EVERY_SECONDS = 0.05


def until(there: Callable[[], object], missing: Callable[[], str], seconds: float = 30) -> None:
    """Return once ``there()`` is true.

    Raises AssertionError with what ``missing()`` says when it is not after ``seconds``.
    """
    last = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < last, missing()
        time.sleep(EVERY_SECONDS)
