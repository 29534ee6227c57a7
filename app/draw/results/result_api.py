"""A reading for the browser that has just drawn, before Streamlit has seen the drawing.

The browser sends its own lanes' report; the digit's pixels are in it. TensorFlow's lanes are asked,
or have been, and what the page is to show comes back: the same that the page's next run would show.
Nothing is remembered of who asked.
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
from app.session import shared
from app.web import file_response, request_body
from models.digit.digit import from_levels
from models.errors import InputError
from models.formats import store
from models.lanes import BACKENDS

MAX_BODY = 65_536
_NOT_KEPT = {"Cache-Control": "no-store"}


def routes(base: str = "") -> list[Route]:
    """The routes to add to the Streamlit app, before ``served.routes``."""
    return [
        Route(f"{base}/{result_component.ADDRESS}", _reading, methods=["POST"]),
        Route(f"{base}/{chart_specs.ADDRESS}/{{version}}/{{model}}/{{backend}}.json", _specs),
    ]


async def _specs(request: Request) -> Response:
    """The charts' specifications. Those of an outdated address are today's, for now."""
    model, backend = request.path_params["model"], request.path_params["backend"]
    if model not in store.names() or backend not in BACKENDS:
        return PlainTextResponse("Not found", status_code=404)
    text = chart_specs.specs(model, backend)
    current = request.url.path.endswith(chart_specs.address(model, backend))
    headers = {"Cache-Control": file_response.FOREVER if current else "no-cache"}
    return Response(text, headers=headers, media_type="application/json")


async def _reading(request: Request) -> Response:
    """200 with the reading; 204 when a lane of the server's has none; 400 for what is no report."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return PlainTextResponse("Only the page itself may ask.", status_code=403)
    try:
        raw = json.loads(await request_body.read(request, MAX_BODY))
        made = await _made(raw)
    except (InputError, ValueError, RecursionError) as error:
        return PlainTextResponse(str(error)[:500], status_code=400)
    if made is None:
        return Response(status_code=204, headers=_NOT_KEPT)
    return JSONResponse(made.plain(), headers=_NOT_KEPT)


async def _made(raw: Any) -> Reading | None:
    model = raw.get("model") if isinstance(raw, dict) else None
    if model not in store.names():
        raise InputError("Expected a report on a model that is here.")
    manifest = store.manifest(model)
    report = browser_answers.parse(raw, classes=len(manifest.classes))
    if not shared.tensorflow().ready:
        return None
    digit = from_levels(base64.b64decode(raw["digit"]))
    asked = server_lanes.futures(digit, model=model)
    waiting = [asyncio.wrap_future(each) for each in asked.values()]
    done, late = await asyncio.wait(waiting, timeout=server_lanes.PATIENCE_SECONDS)
    if late or any(each.exception() for each in done):
        return None  # the page knows how to say it
    lanes = chart_specs.lanes(model, report.backend or lane_wire.UNKNOWN)
    answers = server_lanes.results(digit, asked)
    return await run_in_threadpool(result_view_model.make, digit, answers, report, lanes, manifest)
