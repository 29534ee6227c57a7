"""What was sent to one of our own addresses, up to a limit."""

from __future__ import annotations

from starlette.requests import Request

from models.errors import InputError


async def read(request: Request, limit: int) -> bytes:
    """The whole body. Raises InputError as soon as there are more than ``limit`` bytes."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > limit:
            raise InputError(f"More than {limit} bytes were sent.")
    return bytes(body)
