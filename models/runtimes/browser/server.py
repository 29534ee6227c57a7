"""A server for one page of this machine: it gives the files that are listed, and takes messages.

It listens on 127.0.0.1, on a port and below a path that nobody guesses; who may read the command
lines of this machine finds both in the browser's. Whatever does not come from its page is refused
before a byte of it is read; what does has a bound on its size, its time and its number.
"""

from __future__ import annotations

import json
import queue
import secrets
import struct
import threading
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_BYTES = 256 << 20  # of a message: a batch's answers
MOST_HEAD = 4 << 20  # of its words: a large model's operations have names and shapes
MOST_CONNECTIONS = 32  # a browser keeps six
WAITING = 4  # messages that were not looked at yet
_SECONDS = 30.0  # without a byte on a connection
_PIECE = 1 << 20
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


@dataclass(frozen=True, eq=False)
class Message:
    """What the page said: words, and numbers, float32, where it sent any."""

    said: dict[str, Any]
    values: NDArray[np.float32]


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

    def do_POST(self) -> None:
        if self._asked_for() != "say":
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
        elif int(length) > MOST_BYTES:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        elif (message := message_of(self.rfile.read(int(length)))) is None:
            self._refuse(HTTPStatus.BAD_REQUEST)
        else:
            try:
                self.server.messages.put(message, timeout=_SECONDS)
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

    def _begin(self, status: HTTPStatus, size: int, kind: str = "") -> None:
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        if kind:
            self.send_header("Content-Type", kind)
        if status != HTTPStatus.NO_CONTENT:
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


def message_of(body: bytes, most: int = MOST_HEAD) -> Message | None:
    """A message of the page: the length of its words in four bytes, ``most`` at most, these as
    JSON, and float32 numbers, all little-endian. None for anything else.
    """
    if len(body) < 4:
        return None
    (length,) = struct.unpack_from("<I", body)
    if length > most or 4 + length > len(body) or (len(body) - 4 - length) % 4:
        return None
    try:
        said = json.loads(body[4 : 4 + length])
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or not isinstance(said.get("kind"), str):
        return None
    return Message(said, np.frombuffer(body[4 + length :], "<f4"))


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
