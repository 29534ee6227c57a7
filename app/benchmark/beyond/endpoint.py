"""The endpoints of a visitor's worker: the files that it asks for, and where it says its answers.

Nothing of the runtimes is imported before somebody asks for them, and all is 404 where the operator
has not fetched them.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.benchmark.beyond import installed
from app.session import usable_models
from app.web import file_response, request_body, request_path
from models.errors import DigitParityError, InputError, ModelError, shown

if TYPE_CHECKING:
    from app.benchmark.beyond.run import Run
    from models.lanes import Lane

_NO_STORE = {"Cache-Control": "no-store"}


def routes(base: str = "") -> list[Route]:
    """The routes to add to the Streamlit app, before those of ``app.web.assets``."""
    lane = f"{base}/{installed.URL_PATH}/{{version}}/{{model}}/{{lane}}"
    return [
        Route(f"{lane}/say", _say, methods=["POST"]),
        Route(f"{lane}/{{name:path}}", _file),
    ]


async def _file(request: Request) -> Response:
    """A file of a lane; 404 for others."""
    asked = (request.path_params[each] for each in ("version", "model", "lane", "name"))
    found, is_current = await run_in_threadpool(_found, *asked)
    if isinstance(found, bytes):
        cache = {"Cache-Control": file_response.FOREVER if is_current else "no-cache"}
        return Response(found, headers=cache, media_type=file_response.TYPES[".json"])
    return file_response.file(request, found, forever=is_current)


def _found(version: str, model: str, lane: str, name: str) -> tuple[Path | bytes | None, bool]:
    """The file, and whether its address has the version of what is there now."""
    known = _lane(model, lane)
    if known is None:
        return None, False
    from app.benchmark.beyond import lanes

    try:
        return lanes.files(model, known).get(name), version == lanes.version(model)
    except ModelError:
        return None, False


def _lane(model: str, text: str) -> Lane | None:
    """The lane at that place; None where there is no such lane or model, or nothing installed."""
    if not installed.is_there() or model not in usable_models.names():
        return None
    from app.benchmark.beyond import lanes

    lane = request_path.place(text)
    return lanes.LANES[lane] if lane is not None and lane < len(lanes.LANES) else None


async def _say(request: Request) -> Response:
    """Hear a message: 204, or 400 for one that no worker sends, 404 for none of a run."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return PlainTextResponse("Only the page itself may ask.", status_code=403)
    model, token = request.path_params["model"], request.query_params.get("run", "")
    lane = await run_in_threadpool(_lane, model, request.path_params["lane"])
    run = None if lane is None else _run(token, model)
    if lane is None or run is None:
        return PlainTextResponse("There is no such run.", status_code=404)
    try:
        body = await request_body.read(request, run.largest(lane))
        await run_in_threadpool(partial(_heard, run, lane, body))
    except DigitParityError as error:
        return PlainTextResponse(shown(error), status_code=400)
    return Response(status_code=204, headers=_NO_STORE)


def _run(token: str, model: str) -> Run | None:
    from app.benchmark.beyond import run

    found = run.find(token)
    return found if found is not None and found.model == model else None


def _heard(run: Run, lane: Lane, body: bytes) -> None:
    from models.runtimes.browser import message

    told = message.read(body, run.head)
    if told is None:
        raise InputError("This is no message.")
    run.heard(lane, told, len(body))
