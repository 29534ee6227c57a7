"""The endpoint for the reading of a new drawing, before Streamlit has seen it.

The browser sends its lanes' answers, with the digit's pixels. The response is what the page's next
run would show, with the answers of TensorFlow's lanes. Nothing is stored about the client.
"""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.draw.lanes import browser_answers, server_lanes
from app.draw.results import chart_specs, result_component, result_view_model
from app.draw.results.result_view_model import Reading
from app.frontend import lane_wire
from app.session import shared, usable_models
from app.web import file_response, request_body
from models.digit.digit import from_levels
from models.errors import DigitParityError, InputError, shown
from models.formats import store
from models.lanes import BACKENDS
from models.runtimes.worker.messages import Answer

MAX_BODY = 65_536
_NO_STORE = {"Cache-Control": "no-store"}


def routes(base: str = "") -> list[Route]:
    """The routes to add to the Streamlit app, before those of ``app.web.assets``."""
    return [
        Route(f"{base}/{result_component.URL_PATH}", _reading, methods=["POST"]),
        Route(f"{base}/{chart_specs.URL_PATH}/{{version}}/{{model}}/{{backend}}.json", _specs),
    ]


async def _specs(request: Request) -> Response:
    """The charts' current specifications; those of an outdated URL are not cached."""
    model, backend = request.path_params["model"], request.path_params["backend"]
    if model not in usable_models.names() or backend not in BACKENDS:
        return PlainTextResponse("Not found", status_code=404)
    text = chart_specs.specs(model, backend)
    current = request.url.path.endswith(chart_specs.url_path(model, backend))
    headers = {"Cache-Control": file_response.FOREVER if current else "no-cache"}
    return Response(text, headers=headers, media_type="application/json")


async def _reading(request: Request) -> Response:
    """200 with the reading; 204 if a server lane has no answer; 400 for malformed answers."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return PlainTextResponse("Only the page itself may ask.", status_code=403)
    try:
        raw = json.loads(await request_body.read(request, MAX_BODY))
        reading = await _read(raw)
    except (DigitParityError, ValueError, RecursionError) as error:
        return PlainTextResponse(shown(error), status_code=400)
    if reading is None:
        return Response(status_code=204, headers=_NO_STORE)
    return JSONResponse(reading.plain(), headers=_NO_STORE)


async def _read(raw: Any) -> Reading | None:
    """The reading; None if a lane of the server fails or is late. Raises InputError."""
    model = raw.get("model") if isinstance(raw, dict) else None
    if model not in usable_models.names():
        raise InputError("Expected a report on a model that is here.")
    manifest = store.manifest(model)
    from_browser = browser_answers.parse(raw, manifest)
    if not shared.tensorflow().ready:
        return None
    digit = from_levels(base64.b64decode(raw["digit"]), manifest.pictures().picture)
    futures = server_lanes.futures(digit, model=model)
    waiting = [asyncio.wrap_future(future) for future in futures.values()]
    for each in waiting:
        each.add_done_callback(_retrieve)
    done, late = await asyncio.wait(waiting, timeout=server_lanes.PATIENCE_SECONDS)
    if late or any(future.exception() for future in done):
        return None  # the page's own run shows why
    lanes = chart_specs.lanes(model, from_browser.backend or lane_wire.UNKNOWN)
    from_server = server_lanes.results(digit, futures, manifest)
    return await run_in_threadpool(
        result_view_model.reading, digit, from_server, from_browser, lanes, manifest
    )


def _retrieve(future: asyncio.Future[Answer]) -> None:
    """Look at a lane's failure, also at a late one: asyncio logs what nobody has looked at."""
    if not future.cancelled():
        future.exception()
