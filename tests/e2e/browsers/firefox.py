"""Firefox, over WebDriver BiDi, which it speaks itself."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.e2e.browsers.driven import SIZE, Actions, Driven
from tests.support.waiting import until

_LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
_SECONDS = 120  # for an answer: the machine may be busy


def find() -> str | None:
    """The path of Firefox; Debian's is the release with extended support."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox(Driven):
    """One window, by its socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._numbers = socket, itertools.count()
        self.errors: list[str] = []
        told = self._ask("session.new", capabilities={})["capabilities"]
        self.name = f"Firefox {told['browserVersion']}"
        (window,) = self._ask("browsingContext.getTree")["contexts"]
        self._window = window["context"]
        self._ask("session.subscribe", events=["log.entryAdded"])
        width, height = SIZE
        viewport = {"width": width, "height": height}
        self._ask("browsingContext.setViewport", context=self._window, viewport=viewport)

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(_SECONDS))
            if message["type"] == "event":
                self._hear(message["params"])
            elif message["id"] == number:
                assert message["type"] == "success", message
                return dict(message["result"])

    def _hear(self, entry: dict[str, Any]) -> None:
        if entry.get("level") == "error":
            self.errors.append(f"{entry['text']} ({entry.get('source', {}).get('context')})")

    def open(self, url: str) -> None:
        self._ask("browsingContext.navigate", context=self._window, url=url, wait="complete")

    def run(self, script: str) -> Any:
        expression = f"JSON.stringify((() => {{{script}}})() ?? null)"
        target = {"context": self._window}
        told = self._ask("script.evaluate", expression=expression, target=target, awaitPromise=True)
        assert told["type"] == "success", told
        return json.loads(told["result"]["value"])

    def act(self, actions: Actions) -> None:
        self._ask("input.performActions", context=self._window, actions=actions)


@contextmanager
def opened() -> Iterator[Firefox]:
    """Firefox without a screen, with a profile of its own."""
    path = find()
    assert path, "Firefox is not here."
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        log = Path(place, "log.txt")
        options = ["--headless", "--no-remote", "--profile", place, "--remote-debugging-port=0"]
        with log.open("wb") as output:
            process = subprocess.Popen([path, *options], stdout=output, stderr=output)
        try:
            until(lambda: _address(log), lambda: "Firefox does not listen.", _SECONDS)
            with connect(f"{_address(log)}/session", max_size=None) as socket:
                yield Firefox(socket)
        finally:
            process.kill()
            process.wait()


def _address(log: Path) -> str | None:
    """Where Firefox says that it listens."""
    found = _LISTENS.search(log.read_text("utf-8", "replace"))
    return found[1] if found else None
