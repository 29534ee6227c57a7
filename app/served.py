"""What the server hands out beside Streamlit: our scripts, TensorFlow.js, the models' public files.

Only files on a list are served: the list is looked up, no path is ever joined to a folder. Every
address holds a version that changes with the contents, so browsers may keep the files for good.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import scripts, sending
from models import store

BUNDLE = Path(__file__).resolve().parent.parent / "models" / "tfjs" / "dist"
MARK = Path(__file__).resolve().parent / "assets" / "mark.svg"
COMPONENTS = {
    f"{name}.js"
    for name in ("benchmark", "browser", "canvas", "inspect", "ready", "sheet", "upload")
}
THREADS = {"upload_worker.js"}


def routes(base: str = "") -> list[Route]:
    """The routes to add to the Streamlit app, which lives under the path ``base``."""
    return [
        Route(f"{base}/served/app/mark.svg", _mark),
        Route(f"{base}/served/app/{{version}}/{{name}}", _script),
        Route(f"{base}/served/tfjs/{{version}}/{{path:path}}", _bundle_file),
        Route(f"{base}/served/models/{{name}}/{{version}}/{{path:path}}", _model_file),
        # Without it, Streamlit would answer any other address below with its page.
        Route(f"{base}/served/{{path:path}}", _nothing),
    ]


def bundle_entry() -> str | None:
    """The path below ``served/`` of the TensorFlow.js bundle's entry, or None when not built."""
    built = _built()
    return None if built is None else f"tfjs/{built['version']}/{built['entry']}"


def _built() -> dict[str, str] | None:
    """What the build says of itself: ``version``, a hash of the contents, and ``entry``."""
    try:
        built: dict[str, str] = json.loads((BUNDLE / "version.json").read_text())
    except (OSError, ValueError):
        return None
    return built


def model_version(name: str) -> str:
    """A short hash of the model's manifest: it lists the hash of every file."""
    return hashlib.sha256((store.folder(name) / "manifest.json").read_bytes()).hexdigest()[:16]


@cache
def _bundle_files(version: str) -> dict[str, Path]:
    """Every file of the bundle by its path in the address. ``version`` keys the cache."""
    files = {path.relative_to(BUNDLE).as_posix(): path for path in BUNDLE.rglob("*")}
    # The suffix of a dotfile is empty or, as in `.env.js`, not enough to go by.
    return {
        name: path
        for name, path in files.items()
        if path.suffix in sending.TYPES and "/." not in f"/{name}"
    }


@cache
def _model_files(name: str, version: str) -> dict[str, Path]:
    """Every public file of a model: those that its manifest lists. ``version`` keys the cache."""
    folder = store.folder(name)
    listed = [*store.manifest(name).files, "manifest.json"]
    return {path: folder / path for path in listed}


async def _mark(request: Request) -> Response:
    return sending.file(request, MARK, forever=False)


async def _script(request: Request) -> Response:
    """A component's or a thread's script. A page that is older than the server gets today's."""
    name = request.path_params["name"]
    if name not in COMPONENTS | THREADS:
        return sending.file(request, None, forever=False)
    current = request.url.path.endswith(scripts.address(name))
    headers = {"Cache-Control": sending.FOREVER if current else "no-cache"}
    if "gzip" not in sending.accepted(request):
        return Response(scripts.source(name), headers=headers, media_type=sending.TYPES[".js"])
    headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(_packed(name), headers=headers, media_type=sending.TYPES[".js"])


@cache
def _packed(name: str) -> bytes:
    return gzip.compress(scripts.source(name).encode())


async def _nothing(request: Request) -> Response:
    return sending.file(request, None, forever=False)


async def _bundle_file(request: Request) -> Response:
    built = _built()
    if built is None:
        return sending.file(request, None, forever=False)
    version = built["version"]
    files = _bundle_files(version)
    current = request.path_params["version"] == version
    return sending.file(request, files.get(request.path_params["path"]), forever=current)


async def _model_file(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in store.names():
        return sending.file(request, None, forever=False)
    version = model_version(name)
    files = _model_files(name, version)
    current = request.path_params["version"] == version
    return sending.file(request, files.get(request.path_params["path"]), forever=current)
