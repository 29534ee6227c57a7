"""Readings are streams: a line comes when lanes answer, whoever else waits, also through nginx."""

from __future__ import annotations

import http.client
import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest

from app.draw.reading import endpoint
from tests.e2e.hosting import test_replicas
from tests.e2e.hosting.test_faults import page_process, tensorflow, wait_until_ready
from tests.support import nginx
from tests.support.attackers import attacking
from tests.support.drawing import PATIENT
from tests.support.recorded_strokes import browser_answers, drawings
from tests.support.servers import serving
from tests.support.waiting import until

STREAMS = 300
BROWSER, SERVER = ["answered"] * 2, ["waiting"] * 3


@contextmanager
def loading(servers: list[str]) -> Iterator[list[psutil.Process]]:
    """Let the TensorFlow of each server load for the time of the block, or some seconds.

    It is stopped as it begins. That is noticed, and it is started again, by and by.
    """
    workers = [_new(each) for each in servers]
    try:
        yield workers
    finally:
        for worker in filter(psutil.Process.is_running, workers):
            worker.send_signal(signal.SIGCONT)


def _new(server: str) -> psutil.Process:
    """End the server's TensorFlow; returns the next one, which is stopped."""
    wait_until_ready(server)
    before = tensorflow(server)
    before.kill()
    found: list[psutil.Process] = []

    def is_there() -> bool:
        with suppress(ValueError, psutil.Error):  # between the two there is none
            found[:] = [each for each in [tensorflow(server)] if each != before]
        return bool(found)

    until(is_there, lambda: "It is not started again.")
    (worker,) = found
    worker.send_signal(signal.SIGSTOP)
    return worker


def are_stopped(workers: list[psutil.Process]) -> bool:
    return all(each.is_running() and each.status() == psutil.STATUS_STOPPED for each in workers)


def picture() -> str:
    """A digit with its browser's answers, as the page posts them."""
    return json.dumps(browser_answers(drawings())[4])


def lines(url: str, body: str) -> Iterator[dict[str, Any]]:
    """The lines of a picture's reading, as they come."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENT / 1e3)
    connection.request("POST", f"/{endpoint.URL_PATH}/mnist", body)
    with connection.getresponse() as response:
        assert response.status == 200, response.read()
        while line := response.readline():
            yield json.loads(line)


def states(reading: dict[str, Any]) -> list[str]:
    """What is known of the server's lanes, then of the browser's."""
    lanes = sorted(reading["lanes"], key=lambda lane: lane["inBrowser"])
    return [lane["state"] for lane in lanes]


def connections(server: str) -> int:
    found = page_process(server).net_connections("tcp")
    return sum(each.status == psutil.CONN_ESTABLISHED for each in found)


def test_a_visitor_is_answered_while_others_streams_wait_unread_for_tensorflow(
    tmp_path: Path,
) -> None:
    log, body = tmp_path / "log.txt", picture()
    with serving(log=log) as server, attacking(server, "streams", STREAMS):
        until(
            lambda: connections(server) > 0.9 * STREAMS,
            lambda: f"{connections(server)} streams",
            PATIENT / 1e3,
        )
        with loading([server]) as workers:
            reading = lines(server, body)
            assert states(next(reading)) == [*SERVER, *BROWSER]
            assert are_stopped(workers)
        *_, last = reading
        assert last["done"] and states(last) == ["answered"] * 5
    assert "Traceback" not in log.read_text("utf-8")


@pytest.mark.skipif(nginx.find() is None, reason="nginx is not here.")
def test_nginx_passes_a_line_on_while_the_next_one_is_awaited(tmp_path: Path) -> None:
    body = picture()
    with test_replicas.running(tmp_path) as cluster:
        with loading(cluster.replicas) as workers:
            reading = lines(cluster.url, body)
            assert states(next(reading)) == [*SERVER, *BROWSER]
            assert are_stopped(workers)
        *_, last = reading
        assert last["done"] and states(last) == ["answered"] * 5
