"""A body has a bound, and so have all together that have come in part."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from starlette.requests import Request

from app.web import request_body
from app.web.limits import LIMITS, MIB
from models.errors import InputError
from tests.support import event_loop


def request(chunks: AsyncIterator[bytes] | Sequence[bytes]) -> Request:
    """A request whose body comes in these chunks."""

    async def of(parts: Sequence[bytes]) -> AsyncIterator[bytes]:
        for part in parts:
            yield part

    coming = of(chunks) if isinstance(chunks, Sequence) else chunks

    async def receive() -> dict[str, Any]:
        chunk = await anext(coming, None)
        return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

    return Request({"type": "http", "method": "POST", "headers": []}, receive)


def test_a_body_is_read_whole() -> None:
    assert event_loop.run(request_body.read(request([b"ab", b"c"]), 3)) == b"abc"


def test_a_body_of_more_bytes_than_its_limit_is_refused() -> None:
    with pytest.raises(InputError, match="More than 3 bytes"):
        event_loop.run(request_body.read(request([b"ab", b"cd", b"never read"]), 3))


def test_bodies_that_come_slowly_have_a_bound_together_and_others_go_on_after_them() -> None:
    async def attack() -> None:
        go_on = asyncio.Event()

        async def slow() -> AsyncIterator[bytes]:
            yield bytes(MIB)
            await go_on.wait()

        def sent() -> asyncio.Task[bytes]:
            return asyncio.create_task(request_body.read(request(slow()), 2 * MIB))

        held = [sent() for _ in range(LIMITS.bodies_all // MIB)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        with pytest.raises(InputError, match="too much at once"):
            await request_body.read(request([b"a"]), 10)
        go_on.set()
        assert sum(map(len, await asyncio.gather(*held))) == LIMITS.bodies_all
        assert await request_body.read(request([b"a"]), 10) == b"a"

    event_loop.run(attack())
