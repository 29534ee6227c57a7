"""Attackers on a server: ``python -m tests.support.attackers URL KIND COUNT SECONDS``.

They run in a process of their own, so that they do not slow the visitors whose time is taken. Each
kind is one thing that a stranger may do to a public address; all end by themselves.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from app.draw.reading import endpoint
from app.streamlit_internals import vega
from tests.support import event_loop
from tests.support.recorded_strokes import browser_answers, drawings

END = b"\r\n--x--\r\n"  # of an upload
EVERY = 0.002  # seconds between two messages of a flood
STREAM_SECONDS = 5.0  # that a stream is left unread, then another one is asked for
_LOST = (OSError, WebSocketException, asyncio.IncompleteReadError, TimeoutError)


class Attacker:
    """One client of a kind, which goes on until ``until``."""

    def __init__(self, url: str, until: float) -> None:
        self.url, self.until = url, until
        parts = urlsplit(url)
        self.host, self.port, self.netloc = parts.hostname, parts.port, parts.netloc
        self.count = 0  # of what it did

    def goes_on(self) -> bool:
        """Whether there is time left."""
        return time.monotonic() < self.until

    async def reruns(self) -> None:
        """Ask for a run of the page every 2 ms, and read all that comes."""
        async with await self.connect() as socket:
            reader = asyncio.create_task(_drain(socket))
            while self.goes_on():
                await socket.send(self._run_message())
                self.count += 1
                await asyncio.sleep(EVERY)
            reader.cancel()

    async def reconnects(self) -> None:
        """Open a session, ask for its page, and leave."""
        while self.goes_on():
            async with await self.connect() as socket:
                await socket.send(self._run_message())
                self.count += 1

    async def posts(self) -> None:
        """Ask for readings over one connection."""
        body = _picture()
        head = self._head("POST", f"/{endpoint.URL_PATH}/mnist", len(body))
        while self.goes_on():
            await self._ask_again(head + body)

    async def posts_on_new_connections(self) -> None:
        """Ask for readings, each over a connection of its own."""
        body = _picture()
        head = self._head("POST", f"/{endpoint.URL_PATH}/mnist", len(body), close=True)
        while self.goes_on():
            await self._ask_again(head + body)

    async def streams(self) -> None:
        """Ask for a reading whose stream is never read, again and again."""
        body = _picture()
        head = self._head("POST", f"/{endpoint.URL_PATH}/mnist", len(body))
        while self.goes_on():
            _, writer = await asyncio.open_connection(self.host, self.port, limit=1)
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            writer.write(head + body)
            self.count += 1
            await asyncio.sleep(min(STREAM_SECONDS, max(0.1, self.until - time.monotonic())))
            writer.close()

    async def pages(self) -> None:
        """Ask for the page over and over."""
        while self.goes_on():
            await self._ask_again(self._head("GET", "/"))

    async def assets(self) -> None:
        """Ask for the page's largest script over and over."""
        while self.goes_on():
            await self._ask_again(self._head("GET", f"/{vega.script()}"))

    async def pings(self) -> None:
        """Send pings without end."""
        async with await self.connect() as socket:
            while self.goes_on():
                await socket.ping()
                self.count += 1

    async def half_requests(self) -> None:
        """Begin a request, and say nothing more until the server closes."""
        while self.goes_on():
            reader, writer = await asyncio.open_connection(self.host, self.port)
            writer.write(self._head("POST", f"/{endpoint.URL_PATH}/mnist", 60_000) + b"{")
            self.count += 1
            with contextlib.suppress(*_LOST):
                await asyncio.wait_for(reader.read(), max(0.1, self.until - time.monotonic()))
            writer.close()

    async def uploads(self) -> None:
        """Send files that no widget names to a session of one's own."""
        async with await self.connect() as socket:
            session = await self.session(socket)
            token = await self.token()
            while self.goes_on():
                await self.put(session, token, f"{self.count}", bytes(4_000_000))

    async def put(self, session: str, token: str, name: str, content: bytes) -> int:
        """Upload a file; returns the status."""
        head, form = self.upload(session, token, name, len(content))
        answer = await self._ask_once(head + form + content + END)
        return int(answer.split()[1])

    def upload(self, session: str, token: str, name: str, size: int) -> tuple[bytes, bytes]:
        """The head of an upload, and what its body begins with; it ends with ``END``."""
        form = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\n'
        more = f"Content-Type: multipart/form-data; boundary=x\r\nX-Xsrftoken: {token}\r\n"
        more += f"Cookie: _streamlit_xsrf={token}\r\n"
        path = f"/_stcore/upload_file/{session}/{name}"
        return self._head("PUT", path, len(form) + size + len(END), more=more), form

    def _run_message(self) -> bytes:
        message = BackMsg()
        message.rerun_script.query_string = ""
        message.rerun_script.context_info.url = f"{self.url}/"
        return message.SerializeToString()

    async def connect(self) -> ClientConnection:
        """A websocket, as the page opens it."""
        return await connect(
            self.url.replace("http", "ws", 1) + "/_stcore/stream",
            origin=self.url,  # type: ignore[arg-type]
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
        )

    async def session(self, socket: ClientConnection) -> str:
        """Run the page, and return the session's id."""
        await socket.send(self._run_message())
        async for raw in socket:
            assert isinstance(raw, bytes)
            message = ForwardMsg.FromString(raw)
            if message.WhichOneof("type") == "new_session":
                return message.new_session.initialize.session_id
        raise OSError("The server closed the socket.")

    async def token(self) -> str:
        """A token for uploads, which anyone is given."""
        answer = await self._ask_once(self._head("GET", "/_stcore/health", close=True))
        return answer.partition(b"_streamlit_xsrf=")[2].partition(b";")[0].decode()

    def _head(
        self, method: str, path: str, length: int = 0, *, close: bool = False, more: str = ""
    ) -> bytes:
        connection = "close" if close else "keep-alive"
        return (
            f"{method} {path} HTTP/1.1\r\nHost: {self.netloc}\r\nConnection: {connection}\r\n"
            f"Content-Length: {length}\r\n{more}\r\n"
        ).encode()

    async def _ask_once(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            return await self._answer(reader, writer, request)
        finally:
            writer.close()

    async def _ask_again(self, request: bytes) -> None:
        """Send the request over one connection until the server closes it."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            while self.goes_on() and await self._answer(reader, writer, request):
                if b"Connection: close" in request:
                    break
        finally:
            writer.close()

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
    ) -> bytes:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if b"transfer-encoding: chunked" in head.lower():
            await reader.readuntil(b"\r\n0\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length or 0))
        self.count += 1
        return head


KINDS: dict[str, Callable[[Attacker], Awaitable[None]]] = {
    "reruns": Attacker.reruns,
    "reconnects": Attacker.reconnects,
    "posts": Attacker.posts,
    "posts-anew": Attacker.posts_on_new_connections,
    "streams": Attacker.streams,
    "pages": Attacker.pages,
    "assets": Attacker.assets,
    "pings": Attacker.pings,
    "half-requests": Attacker.half_requests,
    "uploads": Attacker.uploads,
}


@functools.cache
def _picture() -> bytes:
    """A picture with its browser's answers, as the page posts them."""
    return json.dumps(browser_answers(drawings())[0]).encode()


async def _drain(socket: ClientConnection) -> None:
    with contextlib.suppress(*_LOST):
        async for _ in socket:
            pass


async def attack(url: str, kind: str, count: int, seconds: float) -> int:
    """Let ``count`` clients do it; returns how often they did it."""
    until = time.monotonic() + seconds

    async def one() -> int:
        attacker = Attacker(url, until)
        while attacker.goes_on():
            try:
                await asyncio.wait_for(KINDS[kind](attacker), until - time.monotonic() + 1)
            except _LOST:
                await asyncio.sleep(0.05)
        return attacker.count

    return sum(await asyncio.gather(*(one() for _ in range(count))))


@contextlib.contextmanager
def attacking(url: str, kind: str, count: int, seconds: float = 600) -> Iterator[None]:
    """Attack for the time of the block, or ``seconds``."""
    command = [sys.executable, "-m", "tests.support.attackers", url, kind, str(count), str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        yield
    finally:
        process.kill()
        process.communicate()


def main() -> None:
    """Attack, and print how often."""
    url, kind, count, seconds = sys.argv[1:]
    count_of = event_loop.run(attack(url, kind, int(count), float(seconds)), 2 * float(seconds))
    print(f"{kind}: {count_of}", flush=True)


if __name__ == "__main__":
    main()
