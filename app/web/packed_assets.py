"""Streamlit's scripts and styles, packed.

They are most of what a first visitor fetches. Streamlit sends them as they are, since packing costs
time for each visitor anew; here it is done once (`app/startup/set_up.py`). Where it was not, and
for clients that accept nothing compressed, Streamlit answers.

No library fits: ServeStatic 4.4 gives every slow reader a thread and leaves the file open when one
goes, and others compress for each visitor, know no ASGI or are no longer kept.
"""

from __future__ import annotations

import gzip
import shutil
import tempfile
from functools import cache
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.streamlit_internals import static
from app.web import file_response

_PACKED = Path(__file__).resolve().parents[2] / "build" / "streamlit" / st.__version__
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_WORTH_IT = 1000  # bytes, Streamlit's own limit for its other answers
_HEADERS = {
    "Cache-Control": file_response.FOREVER,  # their names hold a hash of their contents
    "Content-Encoding": "gzip",
    "Vary": "Accept-Encoding",
}


class Packed:
    """ASGI middleware before a Streamlit that lives under the path ``base``."""

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        self._app = app
        self._start = f"{base}/{static.ADDRESS}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the packed file, or as Streamlit does."""
        asked = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if asked and scope["path"].startswith(self._start):
            name = scope["path"].removeprefix(self._start)
            source, packed = _files().get(name), _packed(name)
            if source and packed.is_file() and "gzip" in file_response.accepted(Request(scope)):
                answer = FileResponse(packed, headers=_HEADERS, media_type=_TYPES[source.suffix])
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)


@cache
def _files() -> dict[str, Path]:
    """The scripts and styles that are worth packing, by their path below ``static/``."""
    return {
        name: path
        for name, path in static.below_static().items()
        if path.suffix in _TYPES and path.stat().st_size >= _WORTH_IT
    }


def _packed(name: str) -> Path:
    return _PACKED / f"{name}.gz"


def pack() -> bool:
    """Pack them all, unless it is done. Says whether anything was done."""
    if _PACKED.is_dir():
        return False
    _PACKED.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_PACKED.parent) as temporary:
        whole = Path(temporary) / "whole"
        for name, path in _files().items():
            target = whole / _packed(name).relative_to(_PACKED)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        shutil.move(whole, _PACKED)  # all or nothing
    return True
