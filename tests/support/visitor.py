"""A visitor without a browser, who speaks HTTP and Streamlit's websocket protocol.

Drawings and TensorFlow.js's answers are made before (``recorded_strokes.py``), because every real
visitor brings a processor of their own. As a real browser does, a visitor fetches the reading for
the answers, then sends the drawing.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import re
import time
from collections.abc import Sequence
from html import unescape
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from app.draw.results import result_component
from tests.support.recorded_strokes import Drawing

PATIENCE = 60.0  # seconds; longer counts as no answer
LATE_SECONDS = 1.0  # as in app/draw/results/result_component.js
_HEADLINE = re.compile(r'class="dp-headline">(.*?)</p>')


class Visitor:
    """One session: ``async with`` connects, ``draw`` puts a digit on the canvas and waits."""

    def __init__(self, address: str, drawn: list[Drawing], answers: Sequence[Any]) -> None:
        self._address, self._drawn, self._answers = address, drawn, answers
        self._socket: ClientConnection
        self._http = http.client.HTTPConnection(
            address.removeprefix("http://"), timeout=LATE_SECONDS
        )
        self._cache: dict[str, tuple[ForwardMsg, float]] = {}  # and when it last came
        self._widgets: dict[str, tuple[str, str]] = {}  # a name's id and fragment
        self._values: dict[str, str] = {}
        self._renewed: dict[str, tuple[float, float]] = {}  # fragment: interval, next time
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
        self._http.close()
        await self._socket.close()

    async def draw(self, number: int) -> float:
        """Replace the drawing; returns the seconds until the verdict of all five lanes.

        Also waits for the page's own run, which repeats the verdict. Raises TimeoutError, and
        RuntimeError when the page shows an exception.
        """
        wanted = f"All five read {number % 10}."
        begin = time.perf_counter()
        self.headline = ""
        await asyncio.to_thread(self._fetch, json.dumps(self._answers[number]))
        first = time.perf_counter() if self.headline == wanted else None
        self.headline = ""
        raw = {"version": "7.4.0", "background": "#10141C", **self._drawn[number]}
        drawing = {"raw": raw, "data": None, "lanes": self._answers[number]}
        await self._say("canvas", {"drawing": drawing})
        await self._until(lambda: self.headline == wanted)
        return (first or time.perf_counter()) - begin

    def _fetch(self, answers: str) -> None:
        try:
            self._http.request("POST", f"/{result_component.URL_PATH}", answers)
            response = self._http.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):  # late, or closed meanwhile
            self._http.close()
            return
        if response.status == http.client.OK:
            self._read(json.loads(body))

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
            # The server may refer to any message that a request it has yet to answer listed.
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

    def _read(self, reading: dict[str, Any]) -> None:
        if match := _HEADLINE.search(reading["parts"]["verdict"]):
            self.headline = unescape(match.group(1))

    def _see(self, delta: Delta) -> None:
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise RuntimeError(f"The page shows an exception: {element.exception.message}")
        if kind == "bidi_component":
            component = element.bidi_component
            if component.component_name.endswith("digit_parity_sheet"):
                (data,) = json.loads(component.json)
                self._read(data["reading"])
            for name in ("browser", "canvas"):
                if re.search(rf"-{name}(-\d+)?$", component.id):
                    self._widgets[name] = (component.id, delta.fragment_id)
