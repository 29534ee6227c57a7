"""The body of a request to one of our endpoints, up to a limit."""

from __future__ import annotations

from starlette.requests import Request

from app.web.limits import LIMITS
from models.errors import InputError

_BUSY = "The server receives too much at once. Try again."


class _Held:
    """The bytes of all bodies that have come in part: who sends slowly makes others' add up."""

    bytes = 0


async def read(request: Request, limit: int) -> bytes:
    """The whole body. Raises InputError as soon as it has more than ``limit`` bytes, or all bodies
    together have more than a server holds.
    """
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            _Held.bytes += len(chunk)
            if len(body) > limit:
                raise InputError(f"More than {limit} bytes were sent.")
            if _Held.bytes > LIMITS.bodies_all:
                raise InputError(_BUSY)
    finally:
        _Held.bytes -= len(body)
    return bytes(body)
