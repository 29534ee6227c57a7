"""``served/ready``: 200 when this server answers a digit on the model that it shows first.

Streamlit's own health address says whether the server runs, which a page that can only show an
error does, too. Visitors can ask as often as they like: all who ask at once share one answer, which
is kept for some seconds, so it costs what one visitor's strokes do.
"""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import wait
from importlib.util import find_spec

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.session import shared, usable_models
from models.errors import shown
from models.formats import store

URL_PATH = "served/ready"
KEPT_SECONDS = 5.0
PATIENCE_SECONDS = 3.0  # those who ask wait five


def routes(base: str = "") -> list[Route]:
    """The route to add to the Streamlit app, before that of all other endpoints."""
    return [Route(f"{base}/{URL_PATH}", Readiness().respond)]


class Readiness:
    """The last look at the server, shared by all who ask."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._until = 0.0
        self._problem = ""

    async def respond(self, _request: Request) -> Response:
        """200 and "ready", or 503 and a sentence."""
        async with self._lock:
            if time.monotonic() >= self._until:
                self._problem = await run_in_threadpool(problem)
                self._until = time.monotonic() + KEPT_SECONDS
        return PlainTextResponse(
            self._problem or "ready",
            status_code=503 if self._problem else 200,
            headers={"Cache-Control": "no-store"},
        )


def problem() -> str:
    """Why no digit can be read now, a sentence; empty when one was read on every lane."""
    default = usable_models.default()
    if damaged := usable_models.problems().get(default):
        return f"The model {default} cannot be used: {damaged}."
    model = usable_models.first()
    if model is None:
        return "There is no model that can be used."
    if find_spec("tensorflow") is None:  # left out on purpose: browsers answer without it
        return ""
    worker = shared.tensorflow()
    if not worker.ready:
        return worker.trouble or "TensorFlow is loading."
    folder, manifest = store.folder(model), store.manifest(model)
    lanes, taken = manifest.server_lanes, manifest.pictures()
    pixels = shared.first_example().pixels[None]
    if not taken.is_digit:
        pixels = np.zeros((1, *taken.picture), np.float32)
    answers = [worker.submit(folder, lane, pixels) for lane in lanes]
    if wait(answers, PATIENCE_SECONDS).not_done:
        return f"TensorFlow did not answer within {PATIENCE_SECONDS:g} s."
    errors = zip(lanes, (answer.exception() for answer in answers), strict=True)
    return " ".join(f"{lane}: {shown(error)}" for lane, error in errors if error is not None)
