"""The endpoint that reads a picture: a stream of figures, a line each time that lanes answer.

The browser posts the picture and what its own lanes answered. Nothing is stored about the client.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from concurrent.futures import Future
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from app.draw import given
from app.draw.reading import figures, posted, server_lanes
from app.draw.reading.figures import Asked
from app.draw.reading.result_file import result_file
from app.draw.results import chart_specs
from app.frontend import lane_wire
from app.session import links, shared, stroke_tokens, usable_models
from app.web import file_response, request_body
from models.errors import DigitParityError, shown
from models.formats import store
from models.lanes import BACKENDS, Lane, LaneResult
from models.runtimes.worker.messages import Answer

URL_PATH = "served/reading"
FILE_PATH = "served/result"
# Loaded lanes answer within milliseconds: they come in one line.
TOGETHER_SECONDS = 0.05
# TensorFlow may be loading, on a busy machine. A page that still waits asks again.
PATIENCE_SECONDS = 120.0
LATE = "TensorFlow has not answered within two minutes. Draw again to ask it again."
_NO_STORE = {"Cache-Control": "no-store, no-transform"}
_STREAMED = _NO_STORE | {
    "X-Accel-Buffering": "no",  # nginx passes each line on as it comes
    "Content-Encoding": "identity",  # compressing would hold lines back
}

Futures = dict[Lane, Future[Answer]]


def routes(base: str = "") -> list[Route]:
    """The routes to add to the Streamlit app, before those of ``app.web.assets``."""
    specs = f"{base}/{chart_specs.URL_PATH}/{{version}}/{{model}}/{{weights}}/{{backend}}.json"
    return [
        Route(f"{base}/{URL_PATH}/{{model}}", _reading, methods=["POST"]),
        Route(f"{base}/{FILE_PATH}/{{model}}", _file, methods=["POST"]),
        Route(specs, _specs),
    ]


async def _specs(request: Request) -> Response:
    """The charts' current specifications; those of an outdated URL are not cached."""
    model, weights, backend = (
        request.path_params[each] for each in ("model", "weights", "backend")
    )
    known = model in usable_models.names() and weights in lane_wire.kinds(store.manifest(model))
    if not known or backend not in BACKENDS:
        return PlainTextResponse("Not found", status_code=404)
    text = chart_specs.specs(model, backend, weights)
    current = request.url.path.endswith(chart_specs.url_path(model, backend, weights))
    headers = {"Cache-Control": file_response.FOREVER if current else "no-cache"}
    return Response(text, headers=headers, media_type="application/json")


async def _reading(request: Request) -> Response:
    """The stream of figures; 400 for malformed answers, 403 for another site, 404 for no model."""
    asked = await _asked(request)
    if isinstance(asked, Response):
        return asked
    return StreamingResponse(_lines(asked), media_type="application/x-ndjson", headers=_STREAMED)


async def _file(request: Request) -> Response:
    """What was read as a file, when the server's lanes have answered; errors as above."""
    asked = await _asked(request)
    if isinstance(asked, Response):
        return asked
    *_, found = [each async for each in _answers(asked)]  # the last has all
    results = [*found.values(), *asked.posted.results]
    text = result_file(asked.posted.digit, results, asked.posted, asked.manifest)
    return Response(text, headers=_NO_STORE, media_type="application/json")


async def _asked(request: Request) -> Asked | Response:
    """What was posted, or the response that refuses it."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return PlainTextResponse("Only the page itself may ask.", status_code=403)
    model = request.path_params["model"]
    if model not in usable_models.names():
        return PlainTextResponse("There is no such model here.", status_code=404)
    manifest = store.manifest(model)
    try:
        raw = json.loads(await request_body.read(request, posted.largest(manifest)))
        # Of a large picture this takes a moment, in which others are answered.
        return Asked(await run_in_threadpool(posted.parse, raw, manifest), manifest)
    except (DigitParityError, ValueError, RecursionError) as error:
        return PlainTextResponse(shown(error), status_code=400)


async def _lines(asked: Asked) -> AsyncIterator[str]:
    """A line of JSON each time that lanes have answered; the last one is ``done``."""
    about = asyncio.create_task(run_in_threadpool(_about, asked))  # while the lanes answer
    expected = lane_wire.server_lanes(asked.manifest, asked.posted.weights)
    async for found in _answers(asked):
        done = len(found) == len(expected)
        line = await run_in_threadpool(figures.of, asked, found)
        yield json.dumps(await about | line | {"done": done}, allow_nan=False) + "\n"


def _about(asked: Asked) -> dict[str, Any]:
    """What does not change while lanes answer: the page's address, the charts' specifications."""
    name, posted = asked.manifest.name, asked.posted
    first = given.first(name, asked.manifest.pictures())
    digit = None if first is not None and first.id == posted.digit.id else posted.digit
    strokes = stroke_tokens.encode(posted.strokes)
    query = links.query(digit, name, posted.asked, weights=posted.weights, strokes=strokes)
    backend = posted.backend or lane_wire.UNKNOWN
    return {
        "query": urlencode(query),
        "specs": chart_specs.url_path(name, backend, posted.weights),
    }


async def _answers(asked: Asked) -> AsyncIterator[dict[Lane, LaneResult]]:
    """The results of the server's lanes so far, each time that there are more; at last all."""
    futures = server_lanes.futures(
        asked.posted.digit, model=asked.manifest.name, weights=asked.posted.weights
    )
    waiting = {asyncio.wrap_future(future) for future in futures.values()}
    for each in waiting:
        each.add_done_callback(_retrieve)
    loop = asyncio.get_running_loop()
    last = loop.time() + PATIENCE_SECONDS
    # A visitor's turn lasts until the first line (`app/web/fair_share.py`).
    together = TOGETHER_SECONDS if shared.tensorflow().ready else 0
    _, waiting = await asyncio.wait(waiting, timeout=together)
    while True:
        found = server_lanes.results(asked.posted.digit, futures, asked.manifest)
        if len(found) < len(futures) and loop.time() >= last:
            found |= {lane: _late(lane, asked) for lane in futures if lane not in found}
        yield {lane: found[lane] for lane in futures if lane in found}
        if len(found) == len(futures):
            return
        _, waiting = await asyncio.wait(
            waiting, timeout=last - loop.time(), return_when=asyncio.FIRST_COMPLETED
        )


def _late(lane: Lane, asked: Asked) -> LaneResult:
    return LaneResult(lane, asked.posted.digit.id, error=LATE)


def _retrieve(future: asyncio.Future[Answer]) -> None:
    """Look at a lane's failure, also at a late one: asyncio logs what nobody has looked at."""
    if not future.cancelled():
        future.exception()
