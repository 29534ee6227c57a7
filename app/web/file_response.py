"""A file as a response: compressed when the client accepts it, cached forever if immutable."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

FOREVER = "public, max-age=31536000, immutable"
SUFFIXES = {"br": ".br", "gzip": ".gz"}  # of compressed copies by encoding, best first
TYPES = {
    ".svg": "image/svg+xml",
    ".js": "text/javascript; charset=utf-8",
    ".wasm": "application/wasm",
    ".json": "application/json",
    ".bin": "application/octet-stream",
    ".h5": "application/x-hdf5",
}


def file(request: Request, path: Path | None, *, forever: bool) -> Response:
    """The file at ``path``; 404 for None and for a file that does not exist.

    A compressed copy is beside it if its name with ``.br`` or ``.gz`` appended exists.
    """
    if path is None or not path.is_file():
        return PlainTextResponse("Not found", status_code=404)
    headers = {"Cache-Control": FOREVER if forever else "no-cache"}
    media_type = TYPES.get(path.suffix, "application/octet-stream")
    for encoding in accepted_encodings(request):
        compressed = path.with_name(path.name + SUFFIXES[encoding])
        if compressed.is_file():
            headers |= {"Content-Encoding": encoding, "Vary": "Accept-Encoding"}
            return FileResponse(compressed, media_type=media_type, headers=headers)
    return FileResponse(path, media_type=media_type, headers=headers)


def accepted_encodings(request: Request) -> list[str]:
    """The encodings of ``SUFFIXES`` that the client accepts without a quality value."""
    named = {each.strip() for each in request.headers.get("accept-encoding", "").split(",")}
    return [encoding for encoding in SUFFIXES if encoding in named]
