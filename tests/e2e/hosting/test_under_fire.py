"""A server that is attacked answers its visitors, keeps its memory and disk, and ends in time."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import re
import signal
import socket
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from websockets.asyncio.client import ClientConnection

from app.web.limits import LIMITS, MIB
from tests.support import event_loop
from tests.support.attackers import Attacker, attacking
from tests.support.recorded_strokes import browser_answers, drawings
from tests.support.servers import serving
from tests.support.visitor import Visitor
from tests.support.waiting import until

STROKES, PAGES = 15, 3
# Seconds of a quiet server's answer where these attacks were reported. Some machines answer sooner,
# and nobody sees how much sooner.
QUIET = 0.022
FAR = 1e9  # seconds: attackers that only help


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("attacked") / "log.txt"


@pytest.fixture(scope="module")
def attacked(log: Path) -> Iterator[str]:
    """A server of these tests alone, whose log says what it thinks of its visitors."""
    with serving(log=log) as address:
        yield address
    assert "Traceback" not in log.read_text("utf-8")


class Waits:
    """Seconds of a visitor's strokes and of new visitors' pages."""

    def __init__(self, url: str) -> None:
        self.url, self.digits = url, drawings()
        self.answers = browser_answers(self.digits)

    async def measure(self) -> tuple[float, float]:
        """The median of strokes, and the longest time of a new page."""
        async with Visitor(self.url, self.digits, self.answers) as visitor:
            strokes = [await visitor.draw(number % 10) for number in range(STROKES)]
        pages = [await self._page() for _ in range(PAGES)]
        return statistics.median(strokes), max(pages)

    async def _page(self) -> float:
        begin = time.monotonic()
        async with Visitor(self.url, self.digits, self.answers):
            return time.monotonic() - begin

    async def warm_up(self) -> None:
        async with Visitor(self.url, self.digits, self.answers) as visitor:
            for number in range(20):
                with contextlib.suppress(TimeoutError):
                    await visitor.draw(number % 10)


@pytest.fixture(scope="module")
def quiet(attacked: str) -> float:
    """The median of a stroke while nobody else is here."""
    waits = Waits(attacked)
    event_loop.run(waits.warm_up(), seconds=300)
    return event_loop.run(waits.measure(), seconds=120)[0]


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("reruns", 1),
        ("reruns", 20),
        ("reconnects", 20),
        ("posts", 30),
        ("posts-anew", 30),
        ("streams", 300),
        ("pages", 30),
        ("assets", 30),
        ("pings", 20),
        ("half-requests", 300),
        ("uploads", 5),
    ],
)
def test_visitors_are_answered_while_others_attack(
    attacked: str, quiet: float, kind: str, count: int
) -> None:
    with attacking(attacked, kind, count):
        stroke, page = event_loop.run(Waits(attacked).measure(), seconds=300)
    assert stroke < 3 * max(quiet, QUIET)
    assert page < 5


def test_half_sent_requests_are_closed(attacked: str) -> None:
    address = urlsplit(attacked)
    open_ = [socket.create_connection((address.hostname, address.port)) for _ in range(20)]
    for each in open_[:10]:
        each.sendall(
            b"POST /served/reading/mnist HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{"
        )
    for each in open_:
        each.settimeout(3 * (LIMITS.head_seconds + LIMITS.body_seconds))
        with contextlib.suppress(ConnectionResetError):
            assert each.recv(4096) == b""
        each.close()


async def visitor_with_uploads(url: str) -> tuple[Attacker, ClientConnection, str, str]:
    attacker = Attacker(url, FAR)
    connection = await attacker.connect()
    return attacker, connection, await attacker.session(connection), await attacker.token()


def test_files_that_no_widget_names_have_a_bound_and_go_with_their_socket(attacked: str) -> None:
    size = 40 * MIB

    async def upload() -> list[int]:
        attacker, connection, session, token = await visitor_with_uploads(attacked)
        codes = [await attacker.put(session, token, f"{k}", bytes(size)) for k in range(8)]
        await connection.close()
        return codes

    codes = event_loop.run(upload(), seconds=120)
    assert codes.count(204) == LIMITS.upload_session // size
    assert set(codes) == {204, 413}

    async def again() -> int:
        attacker, connection, session, token = await visitor_with_uploads(attacked)
        code = await attacker.put(session, token, "1", bytes(150 * MIB))
        await connection.close()
        return code

    until(lambda: event_loop.run(again(), seconds=120) == 204, lambda: "Nothing was freed.", 60)


def test_an_upload_is_on_no_disk_and_one_line_when_it_is_given_up(attacked: str, log: Path) -> None:
    before = len(log.read_text("utf-8"))

    async def half() -> list[str]:
        attacker, connection, session, token = await visitor_with_uploads(attacked)
        _, writer = await asyncio.open_connection(attacker.host, attacker.port)
        head, form = attacker.upload(session, token, "slow", 100 * MIB)
        writer.write(head + form + bytes(20 * MIB))
        # What the system holds for both ends is less than half of that: the server has the rest.
        left = writer.transport.get_write_buffer_size
        await asyncio.to_thread(until, lambda: not left(), lambda: f"{left()} bytes are left")
        files = [each.path for each in _process(attacked).open_files()]
        deleted = [each for each in _descriptors(attacked) if each.endswith(" (deleted)")]
        writer.close()
        await connection.close()
        return [each for each in (*files, *deleted) if "tmp" in each and "log" not in each]

    assert event_loop.run(half(), seconds=60) == []
    until(lambda: "left before its end" in log.read_text("utf-8")[before:], lambda: "no line")
    said = log.read_text("utf-8")[before:]
    assert said.count("left before its end") == 1
    assert "Traceback" not in said


def _process(url: str) -> psutil.Process:
    port = f"--server.port={urlsplit(url).port}"
    for each in psutil.process_iter(["cmdline"]):
        if port in (each.info["cmdline"] or ()):
            return each
    raise AssertionError("The server has ended.")


def _descriptors(url: str) -> list[str]:
    folder = Path(f"/proc/{_process(url).pid}/fd")
    links = []
    for each in folder.iterdir():
        with contextlib.suppress(OSError):
            links.append(str(each.readlink()))
    return links


def test_a_slow_upload_does_not_hold_the_end_up(tmp_path: Path) -> None:
    with serving(log=tmp_path / "log.txt") as url:
        process = _process(url)

        async def begin() -> asyncio.StreamWriter:
            attacker, connection, session, token = await visitor_with_uploads(url)
            _, writer = await asyncio.open_connection(attacker.host, attacker.port)
            head, form = attacker.upload(session, token, "slow", 100 * MIB)
            writer.write(head + form + bytes(MIB))
            await writer.drain()
            family = process.children(recursive=True)
            process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(process.wait, 8)
            assert not [each for each in family if each.is_running()]
            await connection.close()
            return writer

        event_loop.run(begin(), seconds=60)


def test_another_sites_page_and_another_name_are_refused(tmp_path: Path) -> None:
    def status(url: str, path: str, **headers: str) -> int:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        connection.putrequest("POST", path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", "2")
        connection.endheaders(b"{}")
        return connection.getresponse().status

    named = {"STREAMLIT_SERVER_ALLOWED_HOSTS": "parity.example.org 127.0.0.1"}
    with serving(log=tmp_path / "log.txt", **named) as url:
        assert status(url, "/served/reading/mnist") == 400
        assert status(url, "/served/reading/mnist", Origin="https://evil.example") == 403
        assert status(url, "/served/reading/mnist", Host="evil.example") == 421
        assert status(url, "/served/reading/mnist", Host="parity.example.org") == 400


def test_no_visitor_is_sent_elsewhere_with_an_error() -> None:
    text = (Path(__file__).parents[3] / ".streamlit" / "config.toml").read_text("utf-8")
    assert re.search(r'^showErrorLinks = "false"$', text, re.MULTILINE)
    assert re.search(r'^showErrorDetails = "none"$', text, re.MULTILINE)
