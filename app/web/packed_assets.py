"""Streamlit's scripts and stylesheets, compressed ahead of time.

They are most of what a first visitor downloads. Streamlit sends them uncompressed, since it would
compress them for each visitor; `app/startup/set_up.py` does it once. Without compressed files, and
for clients that accept no gzip, Streamlit answers.

No library fits: ServeStatic 4.4 uses a thread for every slow client and leaves the file open when
one disconnects; others compress for each visitor, do not support ASGI or are not maintained.
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.streamlit_internals import static
from app.web import file_response
from models.storage import locations
from models.storage.whole_folder import whole_folder

_PACKED = locations.built() / "streamlit" / st.__version__
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_WORTH_IT = 1000  # bytes, Streamlit's own limit for its other answers
_HEADERS = {
    "Cache-Control": file_response.FOREVER,  # their names hold a hash of their contents
    "Content-Encoding": "gzip",
    "Vary": "Accept-Encoding",
}


class PackedAssets:
    """ASGI middleware around Streamlit, which is served below the path ``base``."""

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        self._app = app
        self._start = f"{base}/{static.URL_PATH}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the compressed file, or let Streamlit answer."""
        is_download = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if is_download and scope["path"].startswith(self._start):
            name = scope["path"].removeprefix(self._start)
            source, packed = _files().get(name), _packed(name)
            encodings = file_response.accepted_encodings(Request(scope))
            if source and packed.is_file() and "gzip" in encodings:
                media_type = _TYPES[source.suffix]
                response = FileResponse(packed, headers=_HEADERS, media_type=media_type)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)


@cache
def _files() -> dict[str, Path]:
    """The scripts and stylesheets worth compressing, by their path below ``static/``."""
    return {
        name: path
        for name, path in static.below_static().items()
        if path.suffix in _TYPES and path.stat().st_size >= _WORTH_IT
    }


def _packed(name: str) -> Path:
    return _PACKED / f"{name}.gz"


def is_packed() -> bool:
    """Whether all files are compressed."""
    return _PACKED.is_dir()


def pack() -> bool:
    """Compress all files, unless that is done already. Returns whether it was done now."""
    if is_packed():
        return False
    with whole_folder(_PACKED) as complete:
        for name, path in _files().items():
            target = complete / _packed(name).relative_to(_PACKED)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    return True
