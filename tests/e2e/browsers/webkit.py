"""WebKit, which is Safari's engine, over WebDriver, on a screen in memory: WebKitGTK's browser."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.browsers.driven import SIZE, Actions, Driven
from tests.support.servers import free_port
from tests.support.waiting import until

_LIBRARIES = Path("/usr/lib")
_SECONDS = 120  # for an answer: the machine may be busy
# It runs as root in a container, and draws without a graphics card.
_ALONE = {
    "NO_AT_BRIDGE": "1",
    "GTK_A11Y": "none",
    "LIBGL_ALWAYS_SOFTWARE": "1",
    "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
    "WEBKIT_DISABLE_DMABUF_RENDERER": "1",
    "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
}


def find() -> tuple[str, str, str] | None:
    """The paths of its driver, its browser, and of an X server; None unless all are here."""
    driver, screen = _beside("WebKitWebDriver"), shutil.which("Xvfb")
    browser = _beside("MiniBrowser")
    return (driver, browser, screen) if driver and browser and screen else None


def _beside(name: str) -> str | None:
    """The path of a program, which Debian may keep beside the library."""
    beside = sorted(map(str, _LIBRARIES.glob(f"*/webkit2gtk-4.*/{name}")))
    return shutil.which(name) or next(iter(beside), None)


class WebKit(Driven):
    """One window, by its session. It does not tell what is on the console."""

    def __init__(self, driver: str, browser: str) -> None:
        self._driver = driver
        options = {"binary": browser, "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        told = self._ask("POST", "/session", wanted)
        self.name = "WebKitGTK {browserVersion}".format_map(told["capabilities"])
        self._session = f"/session/{told['sessionId']}"
        width, height = SIZE
        self._post("window/rect", {"width": width, "height": height})

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self._driver + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            return json.load(answer)["value"]

    def _post(self, what: str, body: object) -> Any:
        return self._ask("POST", f"{self._session}/{what}", body)

    def open(self, url: str) -> None:
        self._post("url", {"url": url})

    def run(self, script: str) -> Any:
        return self._post("execute/sync", {"script": script, "args": []})

    def act(self, actions: Actions) -> None:
        self._post("actions", {"actions": actions})

    def close(self) -> None:
        """End the browser."""
        self._ask("DELETE", self._session)


@contextmanager
def opened() -> Iterator[WebKit]:
    """WebKit, with a screen and a driver of its own."""
    found = find()
    assert found, "WebKit is not here."
    driver, browser, screen = found
    with _screen(screen) as display, _driver(driver, display) as address:
        window = WebKit(address, browser)
        try:
            yield window
        finally:
            window.close()


@contextmanager
def _screen(path: str) -> Iterator[str]:
    """An X server on a number that it finds free; yields the display's name."""
    read, write = os.pipe()
    command = [path, "-displayfd", str(write), "-screen", "0", "1300x1000x24", "-nolisten", "tcp"]
    with _running(command, os.environ, pass_fds=(write,)):
        os.close(write)
        with os.fdopen(read) as said:
            yield f":{said.readline().strip()}"


@contextmanager
def _driver(path: str, display: str) -> Iterator[str]:
    port = free_port()
    command = [path, f"--port={port}", "--host=127.0.0.1"]
    address = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"{address}/status", timeout=_SECONDS):
                return True
        except OSError:
            return False

    with _running(command, os.environ | _ALONE | {"DISPLAY": display}):
        until(answers, lambda: "WebKit's driver does not answer.")
        yield address


@contextmanager
def _running(
    command: Sequence[str], environment: Mapping[str, str], pass_fds: Sequence[int] = ()
) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, env=environment, pass_fds=pass_fds, stdout=quiet, stderr=quiet
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)
