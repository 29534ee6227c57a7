"""Operations by themselves in a browser that stays open, run as a bug report runs them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Generator, Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from models.errors import ModelError
from models.lanes import Lane
from models.runtimes.browser import tfjs
from models.runtimes.browser.message import Message
from models.runtimes.browser.program import Program
from models.runtimes.browser.visit import visit
from models.tfjs.report_bundle import Bundle

ENGINE = "operations.js"
TIMEOUT = 300.0  # seconds without a word


class Operations:
    """A lane's backend in a browser, in the script of a report. It is opened at the first job."""

    def __init__(self, program: Program, lane: Lane, bundle: Bundle) -> None:
        self._program, self._lane, self._bundle = program, lane, bundle
        self._files: dict[str, Any] = {}
        self._messages: Generator[Message] | None = None
        self._jobs = 0

    def run(self, cases: Sequence[Mapping[str, Any]]) -> tuple[list[NDArray[Any] | str], str]:
        """What each case gives, or what it failed with, in order; and why there are fewer, or "".

        A browser that failed is opened anew for the next job.
        """
        found: list[NDArray[Any] | str] = []
        try:
            messages = self._messages or self._open()
            self._files.pop(f"cases-{self._jobs}.json", None)
            self._jobs += 1
            self._files[f"cases-{self._jobs}.json"] = json.dumps(cases).encode()
            while len(found) < len(cases):
                message = next(messages)
                if message.said["kind"] == "lane":
                    raise ModelError(str(message.said["error"]))
                if message.said["kind"] == "case":
                    said = message.said
                    found.append(str(said["error"]) if "error" in said else message.array)
        except ModelError as error:
            self.close()
            return found, str(error)
        except (LookupError, TypeError, ValueError, StopIteration) as error:
            self.close()
            return found, f"The page gave an answer that cannot be read: {error}"
        return found, ""

    def _open(self) -> Generator[Message]:
        script, wasm = map(gzip.decompress, (self._bundle.script, self._bundle.wasm))
        self._files = {"report/script.js": script, "report/tfjs.wasm": wasm}
        self._jobs = 0
        flags = tfjs.flags(self._lane)
        told = {"backend": self._lane.backend, "flags": flags, "engine": ENGINE, "look": []}
        job = {"inputs": [], "images": 0, "lanes": [told]}
        self._messages = visit(self._program, self._files, job, seconds=TIMEOUT)
        return self._messages

    def close(self) -> None:
        """End the browser, if one is open."""
        if self._messages is not None:
            self._messages.close()
        self._messages = None
