"""The body of a request to one of our endpoints, up to a limit."""

from __future__ import annotations

from starlette.requests import Request

from models.errors import InputError


async def read(request: Request, limit: int) -> bytes:
    """The whole body. Raises InputError as soon as it has more than ``limit`` bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise InputError(f"More than {limit} bytes were sent.")
    return bytes(body)
