"""The endpoints that give a picture as the model takes it: of a file, of strokes, of an example."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.draw.picture import drawing, examples
from app.session import usable_models
from app.web import file_response, request_body, request_path
from models.digit import picture
from models.digit.digit import Digit
from models.errors import DigitParityError, shown
from models.formats import store
from models.formats.model_input import Input

URL_PATH = "served/picture"
MOST_MB = 20  # of a picture: a phone's photograph has up to 15
_MOST_STROKES = 512 * 1024  # bytes of strokes in JSON: the most points that are read
MOST_COMING = 8  # whose bodies are in memory, or on their way
_COMING_SECONDS = 60  # of a file on its way: slow ones would keep others out
_MOST_MADE = 2  # at once: a picture takes up to 250 MB, and a second
BUSY = "The server reads other pictures just now. Try again in a moment."
_NO_STORE = {"Cache-Control": "no-store"}


def routes(base: str = "") -> list[Route]:
    """The routes to add to the Streamlit app, before those of ``app.web.assets``."""
    return [
        Route(f"{base}/{URL_PATH}/{{model}}", _given, methods=["POST"]),
        Route(f"{base}/{URL_PATH}/{{model}}/{{version}}/{{number}}", _example),
    ]


async def _given(request: Request) -> Response:
    """The levels of a posted image file, or of strokes in JSON; 400 with why it cannot be read."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return PlainTextResponse("Only the page itself may ask.", status_code=403)
    model = request.path_params["model"]
    if model not in usable_models.names():
        return PlainTextResponse("There is no such model here.", status_code=404)
    taken = store.manifest(model).pictures()
    are_strokes = request.headers.get("content-type", "").startswith("application/json")
    try:
        if are_strokes:
            raw = json.loads(await request_body.read(request, _MOST_STROKES))
            made = await _made(drawing.drawn, raw, taken)
        else:
            async with _coming():
                with anyio.fail_after(_COMING_SECONDS):
                    content = await request_body.read(request, MOST_MB * 1_000_000)
                made = await _made(picture.from_image, content, taken)
    except TimeoutError:
        return PlainTextResponse("The picture took too long to come.", status_code=408)
    except anyio.WouldBlock:
        return PlainTextResponse(BUSY, status_code=503, headers={"Retry-After": "2"})
    except (DigitParityError, ValueError, RecursionError) as error:
        return PlainTextResponse(shown(error), status_code=400)
    return JSONResponse(_plain(made), headers=_NO_STORE)


@asynccontextmanager
async def _coming() -> AsyncIterator[None]:
    """One of ``MOST_COMING`` places for a file. Raises anyio.WouldBlock when all are taken."""
    places, holder = _limiter("coming", MOST_COMING), object()
    places.acquire_on_behalf_of_nowait(holder)
    try:
        yield
    finally:
        places.release_on_behalf_of(holder)


async def _made(make: Callable[[Any, Input], Digit], given: Any, taken: Input) -> Digit:
    """What a model is given of this, made in a thread; ``_MOST_MADE`` at once, others wait."""
    limiter = _limiter("made", _MOST_MADE)
    return await anyio.to_thread.run_sync(make, given, taken, limiter=limiter)


@cache
def _limiter(_what: str, most: int) -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(most)


async def _example(request: Request) -> Response:
    """An example's levels; 404 for none, also of another version of the model."""
    model, number = request.path_params["model"], request_path.place(request.path_params["number"])
    if model in usable_models.names() and store.version(model) == request.path_params["version"]:
        found = await run_in_threadpool(examples.of, model)
        if number is not None and number < len(found):
            headers = {"Cache-Control": file_response.FOREVER}
            return JSONResponse(_plain(found[number]), headers=headers)
    return PlainTextResponse("Not found", status_code=404)


def _plain(made: Digit) -> dict[str, Any]:
    return {"levels": base64.b64encode(made.levels).decode("ascii")}
