"""Our static files: the app's scripts and the canvas's, TensorFlow.js, the models' public files.

Only listed files are served: a path is looked up in the list and never joined to a folder. Every
URL but the icon's holds a version that changes with the contents, so browsers cache it forever.
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.frontend import module_tree
from app.session import usable_models
from app.streamlit_internals import canvas_package
from app.web import file_response
from models.formats import store
from models.storage import plain_files
from models.tfjs import built

_ROOT = Path(__file__).resolve().parents[2]
MARK = _ROOT / "app" / "ui" / "mark.svg"


def routes(base: str = "") -> list[Route]:
    """The routes to add to the Streamlit app, which lives under the path ``base``."""
    return [
        Route(f"{base}/served/app/mark.svg", _mark),
        Route(f"{base}/served/app/{{version}}/{{name:path}}", _script),
        Route(f"{base}/{canvas_package.URL_PATH}/{{name}}", _canvas),
        Route(f"{base}/served/tfjs/{{version}}/{{path:path}}", _bundle_file),
        Route(f"{base}/served/models/{{name}}/{{version}}/{{path:path}}", _model_file),
        # Otherwise Streamlit would answer any other path below with its page.
        Route(f"{base}/served/{{path:path}}", _not_found),
    ]


@cache
def _bundle_files(version: str) -> dict[str, Path]:
    """Every file of the bundle by its path in the URL. ``version`` keys the cache."""
    files = {path.relative_to(built.DIST).as_posix(): path for path in built.DIST.rglob("*")}
    # A dotfile may have an allowed suffix, as `.env.js` has.
    return {
        name: path
        for name, path in files.items()
        if path.suffix in file_response.TYPES and "/." not in f"/{name}"
    }


@cache
def _model_files(name: str, version: str) -> dict[str, Path]:
    """Every public file of a model: the manifest lists them. ``version`` keys the cache.

    A link could lead to any file of the operator.
    """
    folder = store.folder(name)
    listed = [*store.manifest(name).files, "manifest.json"]
    return {path: folder / path for path in listed if plain_files.is_inside(folder, path)}


async def _mark(request: Request) -> Response:
    return file_response.file(request, MARK, forever=False)


async def _script(request: Request) -> Response:
    """A JavaScript module of ``app/``. An outdated version redirects to the current one.

    After a redirect, the module's relative imports resolve to the current version too.
    """
    tree, name = module_tree.APP, request.path_params["name"]
    if name not in tree.modules:
        return file_response.file(request, None, forever=False)
    if request.path_params["version"] != tree.version:
        up = "../" * (name.count("/") + 1)
        current = f"{up}{tree.version}/{name}"
        return RedirectResponse(current, headers={"Cache-Control": "no-cache"})
    return _packed(request, tree.modules[name], tree.compressed[name])


async def _canvas(request: Request) -> Response:
    """The script of the canvas's package."""
    if request.path_params["name"] != canvas_package.script_file().name:
        return file_response.file(request, None, forever=False)
    return _packed(request, *_canvas_script())


@cache
def _canvas_script() -> tuple[bytes, bytes]:
    """The script, and the same compressed with gzip."""
    content = canvas_package.script_file().read_bytes()
    return content, gzip.compress(content, mtime=0)


def _packed(request: Request, content: bytes, compressed: bytes) -> Response:
    """A script that browsers keep forever, compressed with gzip where the client accepts it."""
    headers = {"Cache-Control": file_response.FOREVER}
    if "gzip" in file_response.accepted_encodings(request):
        content = compressed
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(content, headers=headers, media_type=file_response.TYPES[".js"])


async def _not_found(request: Request) -> Response:
    return file_response.file(request, None, forever=False)


async def _bundle_file(request: Request) -> Response:
    bundle = built.about()
    if bundle is None:
        return file_response.file(request, None, forever=False)
    version = bundle["version"]
    files = _bundle_files(version)
    current = request.path_params["version"] == version
    return file_response.file(request, files.get(request.path_params["path"]), forever=current)


async def _model_file(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in usable_models.names():
        return file_response.file(request, None, forever=False)
    version = store.version(name)
    files = _model_files(name, version)
    current = request.path_params["version"] == version
    return file_response.file(request, files.get(request.path_params["path"]), forever=current)
