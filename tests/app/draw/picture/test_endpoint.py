"""The endpoint that makes of a picture what a model takes: what is read, refused, and bounded."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import struct
import threading
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette

from app.draw.picture import endpoint
from models.digit import picture
from models.errors import InputError
from models.formats import store
from tests.support import event_loop
from tests.support.asgi import Messages, ask, body, headers

APP = Starlette(routes=endpoint.routes())
MNIST = f"/{endpoint.URL_PATH}/{store.DEFAULT}"
JSON = (b"content-type", b"application/json")


def post(content: bytes, *heads: tuple[bytes, bytes], path: str = MNIST) -> Messages:
    return ask(APP, path, posted=content, method="POST", headers=list(heads))


def refusal(answer: Messages) -> str:
    assert answer[0]["status"] == 400
    return body(answer).decode()


def png(side: int = 100) -> bytes:
    """A dark bar on white."""
    pixels = np.full((side, side), 255, np.uint8)
    pixels[side // 5 : -side // 5, side // 2 - side // 20 : side // 2 + side // 20] = 20
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A few kilobytes of PNG that would be as many pixels: all of them black."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * 64, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_picture_is_framed_for_a_model_of_digits_as_uploads_are() -> None:
    answer = post(png())
    assert answer[0]["status"] == 200
    assert headers(answer)["cache-control"] == "no-store"
    expected = picture.from_image(png(), store.manifest(store.DEFAULT).pictures())
    assert base64.b64decode(json.loads(body(answer))["levels"]) == expected.levels


def test_strokes_are_read_as_the_pad_has_them() -> None:
    path = {"type": "path", "path": [["M", 140, 40], ["L", 140, 240]], "strokeWidth": 18}
    path |= {"stroke": "#fff", "left": 131, "top": 31, "width": 0, "height": 200}
    answer = post(json.dumps({"objects": [path]}).encode(), JSON)
    assert answer[0]["status"] == 200, body(answer)
    assert len(base64.b64decode(json.loads(body(answer))["levels"])) == 784


@pytest.mark.parametrize(
    "content, says",
    [
        (b"", "Expected a picture"),
        (b"no picture", "It holds text."),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "breaks off"),
        (png()[:-60], "breaks off"),
        (bomb(200_000, 200_000), "pixels"),
        (bomb(30_000, 1_000), "more than the 25,000,000"),
    ],
    ids=["nothing", "text", "head", "cut off", "bomb", "large"],
)
def test_what_cannot_be_read_is_answered_with_a_sentence(content: bytes, says: str) -> None:
    assert says in refusal(post(content))


def test_a_white_sheet_holds_no_digit() -> None:
    file = io.BytesIO()
    Image.new("L", (60, 60), 255).save(file, "PNG")
    assert "one dark digit on light" in refusal(post(file.getvalue()))


@pytest.mark.parametrize(
    "content", [b"[", b"7", b"{}", b"[" * 100_000, b'{"objects": [7]}', b"\xff\xfe"]
)
def test_what_is_no_strokes_is_refused(content: bytes) -> None:
    refusal(post(content, JSON))


def test_more_bytes_than_a_picture_may_have_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "MOST_MB", 1)
    assert "More than 1000000 bytes" in refusal(post(bytes(1_000_001)))


def test_more_strokes_than_are_read_are_not_kept() -> None:
    assert "bytes were sent" in refusal(post(b" " * (512 * 1024 + 1), JSON))


def test_only_the_page_itself_may_ask() -> None:
    answer = post(png(), (b"sec-fetch-site", b"cross-site"))
    assert answer[0]["status"] == 403


def test_a_model_that_is_not_there_has_no_pictures() -> None:
    assert post(png(), path=f"/{endpoint.URL_PATH}/nothing")[0]["status"] == 404
    assert ask(APP, f"/{endpoint.URL_PATH}/{store.DEFAULT}/old/0")[0]["status"] == 404


class Sender:
    """A client whose body comes only when it is told to send it."""

    def __init__(self) -> None:
        self.sends, self.asked = asyncio.Event(), asyncio.Event()
        self.status = 0

    async def receive(self) -> dict[str, Any]:
        self.asked.set()
        await self.sends.wait()
        return {"type": "http.request", "body": png()}

    async def send(self, message: dict[str, Any]) -> None:
        self.status = self.status or message["status"]

    def start(self) -> asyncio.Task[None]:
        scope = {"type": "http", "method": "POST", "path": MNIST, "raw_path": MNIST.encode()}
        scope |= {"query_string": b"", "headers": [], "root_path": ""}
        return asyncio.ensure_future(APP(scope, self.receive, self.send))


def test_no_more_bodies_than_that_are_in_memory_at_once() -> None:
    async def crowd() -> tuple[list[int], int, int]:
        senders = [Sender() for _ in range(endpoint.MOST_COMING)]
        tasks = [each.start() for each in senders]
        for each in senders:
            await each.asked.wait()
        late = Sender()
        await late.start()  # answered before it has sent anything
        for each in senders:
            each.sends.set()
        await asyncio.gather(*tasks)
        after = Sender()
        after.sends.set()
        await after.start()
        return [each.status for each in senders], late.status, after.status

    assert event_loop.run(crowd()) == ([200] * endpoint.MOST_COMING, 503, 200)


def test_a_client_that_leaves_gives_its_place_back() -> None:
    async def leave() -> int:
        for _ in range(endpoint.MOST_COMING + 1):
            sender = Sender()
            task = sender.start()
            await sender.asked.wait()
            task.cancel()
            await asyncio.wait([task])
        last = Sender()
        last.sends.set()
        await last.start()
        return last.status

    assert event_loop.run(leave()) == 200


def test_two_pictures_at_most_are_decoded_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    together, most = threading.Semaphore(0), []
    going, lock = [0], threading.Lock()

    def slow(_content: bytes, _taken: Any) -> None:
        with lock:
            going[0] += 1
            most.append(going[0])
        together.acquire(timeout=20)
        with lock:
            going[0] -= 1
        raise InputError("Enough.")

    monkeypatch.setattr(endpoint.picture, "from_image", slow)

    async def crowd() -> None:
        senders = [Sender() for _ in range(5)]
        tasks = [each.start() for each in senders]
        for each in senders:
            each.sends.set()
        while len(most) < 2:
            await asyncio.sleep(0)
        together.release(5)
        await asyncio.gather(*tasks)

    event_loop.run(crowd())
    assert len(most) == 5 and max(most) <= 2
