"""A server for one page of this machine: it gives the files that are listed, and takes messages.

It listens on 127.0.0.1, on a port and below a path that nobody guesses. Whatever does not come from
its page is refused before a byte of it is read; what does has a bound on its size, its time and its
number.
"""

from __future__ import annotations

import queue
import secrets
import threading
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np

from models.runtimes.browser import message
from models.runtimes.browser.message import Message

MOST_BYTES = 256 << 20  # of a message: a batch's answers
MOST_CONNECTIONS = 32  # a browser keeps six
WAITING = 4  # messages that were not looked at yet
_SECONDS = 30.0  # without a byte on a connection
_PIECE = 1 << 20
_BEAT = 10.0  # seconds between bytes to a page that is alive
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".wasm": "application/wasm",
}
_HEADERS = {
    # Without them a page has neither threads nor a precise clock.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}

Files = Mapping[str, Path | bytes]


class PageServer(ThreadingHTTPServer):
    """See the module. ``address`` is where its page begins; ``messages`` are in the order sent."""

    daemon_threads = True

    def __init__(self, files: Files) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files = files
        self.secret = secrets.token_urlsafe(24)
        self.host = f"127.0.0.1:{self.server_port}"
        self.address = f"http://{self.host}/{self.secret}/"
        self.messages: queue.Queue[Message] = queue.Queue(WAITING)
        self._free = threading.BoundedSemaphore(MOST_CONNECTIONS)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread of its own, unless there are too many of these."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """The same, within that thread."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that is ended leaves what it asked for; nobody needs to know."""


class _Handler(BaseHTTPRequestHandler):
    server: PageServer
    protocol_version = "HTTP/1.1"
    timeout = _SECONDS
    server_version, sys_version = "digit-parity", ""

    def do_GET(self) -> None:
        name = self._asked_for()
        if name == "alive":
            self._hold()
            return
        if name is None or (found := self.server.files.get(name or "index.html")) is None:
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        size = len(found) if isinstance(found, bytes) else found.stat().st_size
        kind = _KINDS.get(Path(name or "index.html").suffix, "application/octet-stream")
        self._begin(HTTPStatus.OK, size, kind)
        if isinstance(found, bytes):
            self.wfile.write(found)
            return
        with found.open("rb") as file:
            while piece := file.read(min(_PIECE, size)):
                self.wfile.write(piece)
                size -= len(piece)

    def _hold(self) -> None:
        """Keep the connection while the page lives: that of a page whose process ended is closed,
        however the browser goes on.
        """
        self.close_connection = True
        self._begin(HTTPStatus.OK, None, _KINDS[".json"])
        self.connection.settimeout(_BEAT)
        try:
            while not self._is_over():
                self.wfile.write(b" ")
        except OSError:
            pass  # it was closed by the other side
        ended = {"kind": "fault", "error": "its process ended"}
        self.server.messages.put(Message(ended, np.zeros(0, np.float32)))

    def _is_over(self) -> bool:
        """Whether the connection ends before the next beat."""
        try:
            return not self.connection.recv(1)
        except TimeoutError:
            return False

    def do_POST(self) -> None:
        if self._asked_for() != "say":
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
        elif int(length) > MOST_BYTES:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        elif (told := message.read(self.rfile.read(int(length)))) is None:
            self._refuse(HTTPStatus.BAD_REQUEST)
        else:
            try:
                self.server.messages.put(told, timeout=_SECONDS)
            except queue.Full:
                self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
            else:
                self._begin(HTTPStatus.NO_CONTENT, 0)

    def _asked_for(self) -> str | None:
        """The name below the secret path; None for whoever does not know it, or comes by the name
        of another host.
        """
        path = self.path.partition("?")[0]
        secret, separator, name = path.removeprefix("/").partition("/")
        known = secrets.compare_digest(secret.encode(), self.server.secret.encode())
        ours = self.headers.get("Host") == self.server.host
        return urllib.parse.unquote(name) if known and ours and separator else None

    def _begin(self, status: HTTPStatus, size: int | None, kind: str = "") -> None:
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        if kind:
            self.send_header("Content-Type", kind)
        if size is not None and status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(size))
        self.end_headers()

    def _refuse(self, status: HTTPStatus) -> None:
        """What was not read stays on the connection, so that ends."""
        self.close_connection = True
        self.send_response(status)
        self.send_header("Connection", "close")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is written down."""


@contextmanager
def serving(files: Files) -> Iterator[PageServer]:
    """A server of these files, by the names that the page asks for, while the block runs."""
    server = PageServer(files)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.daemon = True
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
