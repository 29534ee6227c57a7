"""One file as an answer: packed for whom takes that, kept for good where it never changes."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

FOREVER = "public, max-age=31536000, immutable"
PACKED = {"br": ".br", "gzip": ".gz"}  # by encoding, the tighter first
TYPES = {
    ".svg": "image/svg+xml",
    ".js": "text/javascript; charset=utf-8",
    ".wasm": "application/wasm",
    ".json": "application/json",
    ".bin": "application/octet-stream",
    ".h5": "application/x-hdf5",
}


def file(request: Request, path: Path | None, *, forever: bool) -> Response:
    """The file at ``path``; 404 for None and for a file that is gone.

    Packed copies lie beside it, with ``.br`` or ``.gz`` behind their names.
    """
    if path is None or not path.is_file():
        return PlainTextResponse("Not found", status_code=404)
    headers = {"Cache-Control": FOREVER if forever else "no-cache"}
    media_type = TYPES.get(path.suffix, "application/octet-stream")
    for encoding in accepted(request):
        packed = path.with_name(path.name + PACKED[encoding])
        if packed.is_file():
            headers |= {"Content-Encoding": encoding, "Vary": "Accept-Encoding"}
            return FileResponse(packed, media_type=media_type, headers=headers)
    return FileResponse(path, media_type=media_type, headers=headers)


def accepted(request: Request) -> list[str]:
    """The encodings of ``PACKED`` that the browser names, but not with a quality of its own."""
    named = {each.strip() for each in request.headers.get("accept-encoding", "").split(",")}
    return [encoding for encoding in PACKED if encoding in named]
