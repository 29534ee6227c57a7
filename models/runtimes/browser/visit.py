"""One visit of a browser to a page of ours: what it says, in order, until it is done.

The page imports the module that a job names as its ``engine``, for each of the job's ``lanes``:
``page/run.js`` has what both say.
"""

from __future__ import annotations

import json
import queue
import time
from collections import ChainMap
from collections.abc import Generator, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.runtimes.browser import child, server
from models.runtimes.browser.message import Message
from models.runtimes.browser.program import Program
from models.runtimes.browser.server import Files

PAGE = Path(__file__).resolve().parent / "page"
STARTING = 60.0  # seconds until the page says that it is there
_POLL = 0.1  # seconds: who waits for a message looks after the browser meanwhile


def visit(
    program: Program,
    files: MutableMapping[str, Path | bytes],
    job: Mapping[str, Any],
    *,
    seconds: float,
    query: str = "",
    starting: float = STARTING,
) -> Generator[Message]:
    """Open a page that does ``job`` in a browser, and give what it says, the last left out.

    ``files`` are what the page may ask for beside its own modules, also those that are added while
    it runs; ``query`` is at the end of its address. Raises ModelError, with the reason, when the
    browser cannot be started, ends early, does not come within ``starting`` seconds, or says
    nothing for ``seconds``. When the iterator is closed, the browser and what it left are gone.
    """
    own: dict[str, Path | bytes] = {
        each.name: each for each in PAGE.iterdir() if each.suffix in (".html", ".js")
    }
    all_files: Files = ChainMap({"job.json": json.dumps(job).encode()}, files, own)
    with (
        server.serving(all_files) as page,
        child.running(program, f"{page.address}{query and f'?{query}'}") as browser,
    ):
        late = f"{program.name} did not open the page within {starting:g} s."
        limit = starting
        while True:
            message = _next(page.messages, browser, limit, late)
            if message.said["kind"] == "end":
                return
            if message.said["kind"] == "fault":
                raise ModelError(f"The page failed in {program.name}: {message.said.get('error')}")
            limit, late = seconds, f"{program.name} gave no answer within {seconds:g} s."
            yield message


def _next(messages: queue.Queue[Message], browser: child.Child, limit: float, late: str) -> Message:
    """The next message. Raises ModelError where the browser ends, or is late."""
    until = time.monotonic() + limit
    while True:
        try:
            return messages.get(timeout=_POLL)
        except queue.Empty:
            if (ended := browser.ended()) is not None and messages.empty():
                raise ModelError(ended) from None
            if time.monotonic() > until:
                raise ModelError(late) from None
