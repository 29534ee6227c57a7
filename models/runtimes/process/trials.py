"""Trials: work on a foreign model that may end its process, or never come to an end.

The process writes down what it tries. When that ends it, ``models.command_line.apart`` runs the
command again, and tells it what the process before did not survive: that is refused at once, and
all else is done.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.errors import ModelError

TRYING = "DIGIT_PARITY_TRYING"  # the file that has the name of what is being tried
PATIENT = "at leisure: "  # begins what may take as long as it takes
ENDED = "DIGIT_PARITY_ENDED"  # JSON: why each trial that ended a process did


@contextmanager
def trial(name: str, *, patient: bool = False) -> Iterator[None]:
    """Try what the block does. Raises ModelError at once when it ended the process before.

    It may take ``apart.LONGEST_STEP`` from one step to the next, unless it is ``patient``.
    """
    name = f"{PATIENT if patient else ''}{name}"
    if why := json.loads(os.environ.get(ENDED, "{}")).get(name):
        raise ModelError(why)
    if TRYING not in os.environ:
        yield
        return
    noted = Path(os.environ[TRYING])
    noted.write_text(name, "utf-8")
    try:
        yield
    finally:
        noted.write_text("", "utf-8")
