"""Endpoints that send a test set's pixels to the visitor's browser and take its answers.

Megabytes would block the page's websocket. A request without the run's token gets a 404.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.upload import run as upload_run
from app.upload.bounds import MAX_ERROR
from app.web import request_body
from models.errors import InputError


def routes(base: str = "") -> list[Route]:
    """The routes to add to the Streamlit app, before those of ``app.web.assets``."""
    path = f"{base}/served/sets/{{token}}"
    return [
        Route(f"{path}/pixels", _pixels, methods=["GET"]),
        Route(f"{path}/answers/{{form}}", _answers, methods=["POST"]),
        Route(f"{path}/failure/{{form}}", _failure, methods=["POST"]),
    ]


async def _pixels(request: Request) -> Response:
    """Send images ``start`` to ``stop``, a byte for each value."""
    run = upload_run.find(request.path_params["token"])
    if run is None:
        return _gone()
    try:
        start, stop = int(request.query_params["start"]), int(request.query_params["stop"])
    except (KeyError, ValueError):
        return _refuse("Expected start and stop.")
    if not 0 <= start < stop <= len(run.data) or stop - start > run.part:
        return _refuse(f"There are {len(run.data)} images; at most {run.part} at once.")
    return Response(
        run.data.stored[start:stop].tobytes(),
        media_type="application/octet-stream",
        headers={"Cache-Control": "no-store"},
    )


async def _answers(request: Request) -> Response:
    """Take answers to the images from ``start`` on. The response says whether to go on."""
    run = upload_run.find(request.path_params["token"])
    if run is None:
        return _gone()
    query = request.query_params
    try:
        start, seconds = int(query["start"]), float(query["ms"]) / 1e3
        body = await request_body.read(request, run.most_bytes)
        run.accept(request.path_params["form"], query["backend"], start, seconds, body)
    except (KeyError, ValueError, InputError) as error:
        return _refuse(str(error))
    return JSONResponse({"goOn": not run.cancelled})


async def _failure(request: Request) -> Response:
    """Take the reason why the browser cannot go on with a lane."""
    run = upload_run.find(request.path_params["token"])
    if run is None:
        return _gone()
    try:
        reason = (await request_body.read(request, 4 * MAX_ERROR)).decode("utf-8", "replace")
        run.fail(request.path_params["form"], reason)
    except InputError as error:
        return _refuse(str(error))
    return JSONResponse({"goOn": False})


def _gone() -> Response:
    return PlainTextResponse("This set is no longer here.", status_code=404)


def _refuse(reason: str) -> Response:
    return PlainTextResponse(reason[:500], status_code=400)
