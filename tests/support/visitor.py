"""A visitor without a browser, who speaks HTTP and Streamlit's websocket protocol.

Drawings and TensorFlow.js's answers are made before (``recorded_strokes.py``), because every real
visitor brings a processor of their own. As the Draw page does, a visitor posts each picture with
its lanes' answers, reads the stream of figures, and tells Streamlit what is shown.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import time
from collections.abc import Sequence
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from app.draw import studio
from tests.support.recorded_strokes import Drawing

PATIENCE = 60.0  # seconds; longer counts as no answer


class Visitor:
    """One session: ``async with`` connects, ``draw`` puts a digit on the pad and waits."""

    def __init__(self, address: str, drawn: list[Drawing], answers: Sequence[Any]) -> None:
        self._address, self._drawn, self._answers = address, drawn, answers
        self._socket: ClientConnection
        self._http = http.client.HTTPConnection(address.removeprefix("http://"), timeout=PATIENCE)
        self._cache: dict[str, tuple[ForwardMsg, float]] = {}  # and when it last came
        self._studio: tuple[str, str] | None = None  # the component's id and its fragment
        self._data: dict[str, Any] = {}
        self._runs = 0  # that have ended
        self._query = self._page = ""
        self.reads: list[str] = []  # what each lane reads, in the page's order

    async def __aenter__(self) -> Visitor:
        self._socket = await connect(
            self._address.replace("http", "ws", 1) + "/_stcore/stream",
            origin=self._address,  # type: ignore[arg-type]
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
        )
        await self._run(BackMsg(), "")
        await self._until(lambda: self._studio is not None and self._runs > 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._http.close()
        await self._socket.close()

    async def draw(self, number: int) -> float:
        """Replace the drawing; returns the seconds until all five lanes read this digit.

        Also waits for Streamlit's run. Raises TimeoutError when they never do, and RuntimeError
        when the server refuses the picture, or the page shows an exception.
        """
        begin = time.perf_counter()
        answer = self._answers[number]
        reading = await asyncio.to_thread(self._read, json.dumps(answer))
        seconds = time.perf_counter() - begin
        self.reads = [lane.get("reads", lane["state"]) for lane in reading["lanes"]]
        if self.reads != [str(number % 10)] * 5:
            raise TimeoutError(f"The lanes of a {number % 10} say {self.reads}.")
        self._query = reading["query"]
        await self._tell(answer, self._drawn[number]["objects"])
        return seconds

    def _read(self, answers: str) -> dict[str, Any]:
        """The last line of the stream of figures, when all lanes have answered."""
        try:
            response, body = self._post(answers)
        except (OSError, http.client.HTTPException):  # the server closes idle connections
            self._http.close()
            response, body = self._post(answers)
        if response.status != http.client.OK:
            raise RuntimeError(f"The server refuses a picture ({response.status}): {body[:200]!r}")
        reading: dict[str, Any] = json.loads(body.splitlines()[-1])
        return reading

    def _post(self, answers: str) -> tuple[http.client.HTTPResponse, bytes]:
        self._http.request("POST", "/" + self._data["addresses"]["reading"], answers)
        response = self._http.getresponse()
        return response, response.read()

    async def _tell(self, answer: dict[str, Any], strokes: list[Any]) -> None:
        """Tell Streamlit what is shown, as the component's trigger, and wait for its run."""
        assert self._studio is not None
        component, fragment = self._studio
        value = {
            "model": self._data["model"]["name"],
            "levels": answer["digit"],
            "label": "Yours",
            "strokes": strokes,
            "asked": answer["asked"],
            "backend": answer["backend"],
            "query": f"?{self._query}",
        }
        message = BackMsg()
        message.rerun_script.widget_states.widgets.add(
            id=f"$$STREAMLIT_INTERNAL_KEY_{component}__events",
            json_trigger_value=json.dumps([{"event": "visit", "value": value}]),
        )
        before = self._runs
        await self._run(message, fragment)
        await self._until(lambda: self._runs > before)

    async def _run(self, message: BackMsg, fragment: str) -> None:
        run = message.rerun_script
        run.query_string, run.page_script_hash, run.fragment_id = self._query, self._page, fragment
        run.context_info.url = self._address + "/"
        run.context_info.timezone, run.context_info.locale = "UTC", "en-US"
        run.cached_message_hashes.extend(self._cache)
        await self._socket.send(message.SerializeToString())

    async def _until(self, done: Any) -> None:
        last = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > last:
                raise TimeoutError(f"Streamlit did not answer within {PATIENCE:g} s.")
            await self._hear()

    async def _hear(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
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
            self._runs += 1
            # The server may refer to any message that a request it has yet to answer listed.
            oldest = time.monotonic() - PATIENCE
            self._cache = {key: each for key, each in self._cache.items() if each[1] >= oldest}
        elif kind == "navigation":
            self._page = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "delta":
            self._see(message.delta)

    def _see(self, delta: Delta) -> None:
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise RuntimeError(f"The page shows an exception: {element.exception.message}")
        if kind == "bidi_component" and element.bidi_component.id.endswith(f"-{studio.KEY}"):
            self._studio = (element.bidi_component.id, delta.fragment_id)
            (self._data,) = json.loads(element.bidi_component.json)
