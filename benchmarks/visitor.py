"""A visitor without a browser: Streamlit's own websocket and messages, a drawing, a report.

What the visitor draws are pen strokes of known digits. What TensorFlow.js answers to each was asked
of Node once, before; as in a real browser, where it is loaded, the answers go along with the
drawing, because every real visitor brings a processor of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import time
from collections.abc import Sequence
from html import unescape
from typing import Any

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from app.browser import wire
from models import fabric, node, store
from models.digit import from_strokes
from models.lanes import Lane
from tests.e2e.drawing import DIGITS

Drawing = dict[str, Any]
PATIENCE = 60.0  # seconds; who waits longer has had no answer
_HEADLINE = re.compile(r'class="dp-headline">(.*?)</p>')


def drawings() -> list[Drawing]:
    """Each of the ten digits as the canvas reports it: Fabric.js paths on 280 × 280 pixels."""
    return [{"objects": [_path(stroke) for stroke in DIGITS[digit]]} for digit in range(10)]


def _path(stroke: list[tuple[float, float]]) -> Drawing:
    points = np.asarray(stroke) * 1.8 + 50
    low, high = points.min(axis=0), points.max(axis=0)
    corners = [(a + (b - a) * t).tolist() for a, b in itertools.pairwise(points)
               for t in (0.25, 0.5, 0.75, 1.0)]  # fmt: skip
    path = [["M", *points[0].tolist()], *(["L", *corner] for corner in corners)]
    left, top = ((low + high) / 2).tolist()
    width, height = (high - low).tolist()
    place = {"originX": "center", "originY": "center", "left": left, "top": top}
    return {
        "type": "Path",
        "width": width,
        "height": height,
        "strokeWidth": 18,
        "path": path,
    } | place


def reports(drawn: list[Drawing]) -> list[dict[str, Any]]:
    """What a browser would report of each drawing."""
    digits = [from_strokes(fabric.strokes(each)) for each in drawn]
    lanes = [Lane("graph", "tfjs/wasm"), Lane("layers", "tfjs/wasm")]
    pixels = np.stack([digit.pixels for digit in digits])
    runs = node.predict(store.folder(store.DEFAULT), lanes, pixels, repeats=8)
    answers: list[dict[str, Any]] = []
    for index, digit in enumerate(digits):
        said = []
        for lane, run in runs.items():
            if run.probabilities is None:
                raise RuntimeError(f"{lane} does not run in Node: {run.error}")
            said.append({
                "format": lane.format, "probabilities": run.probabilities[index].tolist(),
                "loadMs": run.times.load_ms, "firstMs": run.times.first_ms,
                "steadyMs": list(run.times.steady_ms), "error": None,
            })  # fmt: skip
        answers.append({
            "digit": wire(digit), "model": store.DEFAULT, "asked": "auto", "backend": "wasm",
            "fallback": None, "lanes": said, "environment": {"browser": "none"},
        })  # fmt: skip
    return answers


class Visitor:
    """One session: ``async with`` connects, ``draw`` puts a digit on the canvas and waits."""

    def __init__(self, address: str, drawn: list[Drawing], answers: Sequence[Any]) -> None:
        self._address, self._drawn, self._answers = address, drawn, answers
        self._socket: ClientConnection
        self._cache: dict[str, tuple[ForwardMsg, float]] = {}  # and when it was last shown
        self._widgets: dict[str, tuple[str, str]] = {}  # a name's id and fragment
        self._values: dict[str, str] = {}
        self._renewed: dict[str, tuple[float, float]] = {}  # fragment: every so often, next time
        self._query = self._page = ""
        self.headline = ""

    async def __aenter__(self) -> Visitor:
        self._socket = await connect(
            self._address.replace("http", "ws", 1) + "/_stcore/stream",
            origin=self._address,  # type: ignore[arg-type]
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
        )
        await self._run("")
        await self._until(lambda: "canvas" in self._widgets and bool(self.headline))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def draw(self, digit: int) -> float:
        """Draw 0 … 9 in place of what was there; the seconds to the verdict of all five lanes.

        Raises TimeoutError, and what the page shows.
        """
        self.headline = ""
        begin = time.perf_counter()
        raw = {"version": "7.4.0", "background": "#10141C", **self._drawn[digit]}
        drawing = {"raw": raw, "data": None, "lanes": self._answers[digit]}
        await self._say("canvas", {"drawing": drawing})
        wanted = f"All five lanes read {digit}."
        await self._until(lambda: self.headline == wanted)
        return time.perf_counter() - begin

    async def _say(self, widget: str, value: object) -> None:
        name, fragment = self._widgets[widget]
        self._values = {key: each for key, each in self._values.items() if widget not in key}
        self._values[name] = json.dumps(value)
        await self._run(fragment)

    async def _run(self, fragment: str, *, auto: bool = False) -> None:
        message = BackMsg()
        run = message.rerun_script
        run.is_auto_rerun = auto
        run.query_string, run.page_script_hash, run.fragment_id = self._query, self._page, fragment
        run.context_info.url = self._address + "/"
        run.context_info.timezone, run.context_info.locale = "UTC", "en-US"
        run.cached_message_hashes.extend(self._cache)
        for name, value in self._values.items():
            run.widget_states.widgets.add(id=name, json_value=value)
        await self._socket.send(message.SerializeToString())

    async def _until(self, done: Any) -> None:
        last = time.monotonic() + PATIENCE
        while not done():
            now = time.monotonic()
            if now > last:
                raise TimeoutError(
                    f"No answer after {PATIENCE:g} s; the page says {self.headline!r}."
                )
            for fragment, (every, due) in list(self._renewed.items()):
                if due <= now:
                    self._renewed[fragment] = (every, now + every)
                    await self._run(fragment, auto=True)
            await self._hear(0.1 if self._renewed else 1.0)

    async def _hear(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                received = await self._socket.recv(decode=False)
            self._take(ForwardMsg.FromString(received))

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            message = self._cache[message.ref_hash][0]
            kind = message.WhichOneof("type")
        if message.metadata.cacheable and message.hash:
            self._cache[message.hash] = (message, time.monotonic())
        if kind == "script_finished":
            # The server may refer to whatever it was told of with a request it has yet to answer.
            oldest = time.monotonic() - PATIENCE
            self._cache = {key: each for key, each in self._cache.items() if each[1] >= oldest}
        elif kind == "new_session":
            self._page = message.new_session.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            every = message.auto_rerun.interval
            self._renewed[message.auto_rerun.fragment_id] = (every, time.monotonic() + every)
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self._renewed.pop(fragment, None)
        elif kind == "navigation":  # only a run of the whole page sends it
            self._renewed.clear()
        elif kind == "delta":
            self._see(message.delta)

    def _see(self, delta: Delta) -> None:
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise RuntimeError(f"The page shows an exception: {element.exception.message}")
        if kind == "html" and (found := _HEADLINE.search(element.html.body)):
            self.headline = unescape(found.group(1))
        if kind == "bidi_component":
            component = element.bidi_component
            for name in ("browser", "canvas"):
                if re.search(rf"-{name}(-\d+)?$", component.id):
                    self._widgets[name] = (component.id, delta.fragment_id)
