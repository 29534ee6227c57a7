"""Uploads have a bound for each visitor and for all, from the first byte until they are freed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from app.streamlit_internals import uploads
from app.web.limits import LIMITS, MIB
from app.web.upload_budget import UploadBudget
from tests.support import event_loop

SMALL = replace(
    LIMITS, upload_session=10 * MIB, upload_all=15 * MIB, upload_overhead=0, upload_grace_seconds=0
)


class Server:
    """Streamlit's files behind the middleware, and sessions that are active."""

    def __init__(self, **limits: Any) -> None:
        self.files = MemoryUploadedFileManager("/_stcore/upload_file")
        self.active = {"ann", "bob", "eve"}
        self.budget = UploadBudget(self._store, limits=replace(SMALL, **limits))
        self.taken = 0

    async def _store(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            return
        data = await Request(scope, receive).body()
        _, _, _, session, name = scope["path"].split("/")
        self.files.add_file(session, UploadedFileRec(name, name, "", data))
        self.taken += 1
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def put(self, session: str, name: str, size: int, declared: int | None = None) -> int:
        """The status of an upload in pieces of 1 MiB."""
        return event_loop.run(self.upload(session, name, size, declared))

    async def upload(self, session: str, name: str, size: int, declared: int | None = None) -> int:
        sent: list[Any] = []
        left = size

        async def receive() -> Any:
            nonlocal left
            piece = min(left, MIB)
            left -= piece
            await asyncio.sleep(0)
            return {"type": "http.request", "body": bytes(piece), "more_body": left > 0}

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [] if declared is None else [(b"content-length", str(declared).encode())]
        path = f"/_stcore/upload_file/{session}/{name}"
        scope = {"type": "http", "method": "PUT", "path": path, "headers": headers}
        await self.budget(scope, receive, send)
        return int(sent[0]["status"])


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    server = Server()
    instance = SimpleNamespace(
        uploaded_file_mgr=server.files, is_active_session=lambda each: each in server.active
    )
    running = SimpleNamespace(exists=lambda: True, get_instance=lambda: instance)
    monkeypatch.setattr(uploads, "runtime", running)
    yield server


def test_files_that_nobody_reads_count(server: Server) -> None:
    assert [server.put("ann", f"{k}", 4 * MIB, 4 * MIB) for k in range(4)] == [204, 204, 413, 413]


def test_a_removed_file_makes_room(server: Server) -> None:
    for name in ("1", "2"):
        server.put("ann", name, 4 * MIB, 4 * MIB)
    server.files.remove_file("ann", "1")
    assert server.put("ann", "3", 4 * MIB, 4 * MIB) == 204


def test_all_visitors_together_have_a_bound(server: Server) -> None:
    assert server.put("ann", "1", 9 * MIB, 9 * MIB) == 204
    assert server.put("bob", "1", 9 * MIB, 9 * MIB) == 503
    assert server.put("bob", "1", 5 * MIB, 5 * MIB) == 204


@pytest.mark.parametrize("declared", [None, 0, 7])
def test_a_body_without_a_true_length_is_stopped_while_it_comes(
    server: Server, declared: int | None
) -> None:
    assert server.put("ann", "1", 400 * MIB, declared) == 413
    assert server.taken == 0


def test_what_is_on_its_way_counts_and_is_given_back(server: Server) -> None:
    async def together() -> list[int]:
        each = (server.upload("ann", f"{k}", 4 * MIB, 4 * MIB) for k in range(4))
        return await asyncio.gather(*each)

    codes = event_loop.run(together())
    assert set(codes) == {204, 413}
    assert not server.budget._coming
    assert not server.budget._count


def test_a_visitor_has_few_uploads_at_once(server: Server) -> None:
    async def together(count: int) -> list[int]:
        each = (server.upload("ann", f"{k}", 10, 10) for k in range(count))
        return await asyncio.gather(*each)

    assert set(event_loop.run(together(LIMITS.uploads_at_once))) == {204}
    codes = event_loop.run(together(LIMITS.uploads_at_once + 3))
    assert codes.count(429) == 3


def test_files_are_freed_when_their_socket_closes(server: Server) -> None:
    server.put("ann", "1", MIB, MIB)
    server.put("bob", "1", MIB, MIB)

    async def close() -> None:
        scope = {"type": "websocket", "subprotocols": ["streamlit", "token", "ann"]}
        server.active.discard("ann")
        await server.budget(scope, None, None)  # type: ignore[arg-type]
        await asyncio.sleep(0.01)

    event_loop.run(close())
    assert set(server.files.file_storage) == {"bob"}


def test_a_socket_that_opens_again_keeps_its_files(server: Server) -> None:
    server.put("ann", "1", MIB, MIB)

    async def close_and_open() -> None:
        scope = {"type": "websocket", "subprotocols": ["streamlit", "token", "ann"]}
        await server.budget(scope, None, None)  # type: ignore[arg-type]
        await asyncio.sleep(0.01)

    event_loop.run(close_and_open())
    assert set(server.files.file_storage) == {"ann"}


def test_an_upload_that_outlives_its_session_is_freed(server: Server) -> None:
    server.active.discard("eve")

    async def late() -> None:
        assert await server.upload("eve", "1", MIB, MIB) == 204
        await asyncio.sleep(0.01)

    event_loop.run(late())
    assert not server.files.file_storage


def test_no_upload_is_written_to_disk_while_it_arrives() -> None:
    UploadBudget(lambda *_: None)  # type: ignore[arg-type, return-value]
    assert MultiPartParser.spool_max_size > LIMITS.upload_all
