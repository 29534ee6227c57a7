"""What the files hold where a lane diverges, in sentences for the command and the Inspect page."""

from __future__ import annotations

from collections.abc import Iterator

from models.bisect.bisection import Bisection
from models.parity.set_verdict import many


def numbers(found: Bisection) -> Iterator[str]:
    """What is not said by the suspects: nothing is called the same that was not compared."""
    if found.not_compared:
        lost = many(len(found.not_compared), "array")
        yield f"In the files there, not compared: {lost} ({'; '.join(found.not_compared)})."
    elif not found.suspects:
        same = f"{many(found.same, 'array')}, the same numbers" if found.same else "no arrays"
        yield (
            f"Nothing that could be compared in the files differs there ({same}): look at the "
            f"runtime, {found.lane.runtime}."
        )
