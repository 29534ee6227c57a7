"""A request has a turn while the app computes, and none while the network is waited for."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from starlette.requests import ClientDisconnect

from app.web.fair_share import FairShare
from app.web.limits import LIMITS
from tests.support import asgi, event_loop


async def hello(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def test_a_request_is_answered() -> None:
    assert asgi.body(asgi.ask(FairShare(hello), "/")) == b"hello"


def test_too_many_requests_are_refused_with_a_sentence_and_health_is_not() -> None:
    share = FairShare(hello, limits=replace(LIMITS, waiting=0))
    answer = asgi.ask(share, "/")
    assert answer[0]["status"] == 503
    assert b"Try again" in asgi.body(answer)
    assert asgi.ask(share, "/_stcore/health")[0]["status"] == 200


def test_a_slow_sender_and_a_slow_reader_keep_no_turn() -> None:
    async def run() -> None:
        limits = replace(LIMITS, at_once=1, new_at_once=1, counts_seconds=60)
        waiting = asyncio.Event()

        async def app(scope: Any, receive: Any, send: Any) -> None:
            if scope["method"] == "POST":
                while (await receive()).get("more_body"):
                    pass
            await hello(scope, receive, send)

        share = FairShare(app, limits=limits)
        messages = [{"type": "http.request", "body": b"{", "more_body": True}]

        async def slowly() -> Any:
            return messages.pop() if messages else await asyncio.Future()

        async def never(_message: Any) -> None:
            await waiting.wait()

        sent: list[Any] = []

        async def at_once(message: Any) -> None:
            sent.append(message)

        def scope(method: str, port: int) -> Any:
            return {"type": "http", "method": method, "path": "/", "client": ("127.0.0.1", port)}

        slow = [
            asyncio.create_task(share(scope("POST", 1), slowly, at_once)),
            asyncio.create_task(share(scope("GET", 2), slowly, never)),
        ]
        for _ in range(20):
            await asyncio.sleep(0)
        await asyncio.wait_for(share(scope("GET", 3), slowly, at_once), 5)
        assert [each["type"] for each in sent] == ["http.response.start", "http.response.body"]
        for each in slow:
            each.cancel()

    event_loop.run(run())


def test_a_sender_who_left_is_one_line_in_the_log(caplog: Any) -> None:
    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        raise ClientDisconnect

    asgi.ask(FairShare(app), "/")
    (record,) = caplog.records
    assert "left" in record.getMessage()
    assert record.exc_info is None


def test_a_forwarded_address_stands_for_a_class() -> None:
    share = FairShare(hello)
    for client in (("10.0.0.1", 0), ("10.0.0.2", 4711)):
        asgi.ask(share, "/", client=client)
    assert share._clients["10.0.0.1", 0].weight == 1 / LIMITS.address_visitors
    assert share._clients["10.0.0.2", 4711].weight == 1


def test_no_more_connections_are_remembered_than_may_be() -> None:
    share = FairShare(hello)

    async def run() -> None:
        async def nothing(*_: Any) -> Any:
            return None

        for port in range(5_000):
            scope = {"type": "http", "method": "GET", "path": "/", "client": ("10.0.0.1", port + 1)}
            await share(scope, nothing, nothing)

    event_loop.run(run())
    assert len(share._clients) <= 2_000


def test_a_refusal_does_not_wait_for_the_body() -> None:
    async def run() -> None:
        async def never() -> Any:
            await asyncio.Future()

        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "PUT", "path": "/", "client": ("127.0.0.1", 1)}
        await asyncio.wait_for(FairShare(hello)(scope, never, send), 5)
        assert sent[0]["status"] == 200

    event_loop.run(run())


def test_a_body_that_came_with_its_headers_takes_one_turn() -> None:
    share = FairShare(hello)
    taken: list[Any] = []
    take = share._turns.take

    async def counted(client: Any, **more: Any) -> Any:
        taken.append(client)
        return await take(client, **more)

    share._turns.take = counted  # type: ignore[method-assign]

    async def read(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await hello(scope, receive, send)

    share._app = read
    asgi.ask(share, "/", method="POST", posted=b"{}")
    assert len(taken) == 1
