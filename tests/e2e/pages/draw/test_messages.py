"""The messages between the Draw page and its server for a stroke, and a lost connection."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocket, WebSocketRoute, expect

from tests.e2e.pages.draw.conftest import wait_until_python_has_seen_it
from tests.support.drawing import (
    DIGITS,
    PATIENT,
    clear,
    draw,
    open_page,
    readings,
    verdict,
    wait_until_idle,
    wait_until_settled,
)


def test_without_a_connection_no_verdict_of_an_older_drawing_stays(
    ready: Page, console_errors: list[str]
) -> None:
    clear(ready)
    draw(ready, [DIGITS[7][0]])
    expect(verdict(ready)).to_contain_text("All five read")
    wait_until_idle(ready)
    ready.context.set_offline(True)
    draw(ready, [[(20, 60), (80, 60)]])
    expect(verdict(ready)).to_contain_text("The server cannot be reached.")
    ready.context.set_offline(False)
    draw(ready, [[(20, 40), (80, 40)]])
    expect(verdict(ready)).not_to_contain_text("cannot be reached", timeout=PATIENT)
    console_errors.clear()  # the browser logs requests that failed offline


def test_streamlit_is_told_a_stroke_once_and_sends_nothing_back_that_is_shown(
    context: BrowserContext, server: str
) -> None:
    page, sent, received = context.new_page(), list[bytes](), list[bytes]()

    def note(frame: bytes) -> None:  # Playwright takes no built-in function
        sent.append(frame)

    def hear(frame: bytes) -> None:
        received.append(frame)

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", note)
        socket.on("framereceived", hear)

    page.on("websocket", listen)
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five read 7", timeout=PATIENT)
    wait_until_idle(page)
    clear(page)
    wait_until_settled(page)
    sent.clear()
    received.clear()
    draw(page, DIGITS[7])
    expect(verdict(page)).to_contain_text("All five read 7")
    wait_until_python_has_seen_it(page)
    assert len(sent) == 1
    assert b'"path"' in sent[0]
    assert sum(map(len, received)) < 4_000


def test_a_drawing_is_read_by_all_five_without_streamlit(
    context: BrowserContext, server: str
) -> None:
    page, held, holds = context.new_page(), list[str | bytes](), False
    to_server: list[WebSocketRoute] = []

    def relay(socket: WebSocketRoute) -> None:
        to_server.append(socket.connect_to_server())

        def pass_on(message: str | bytes) -> None:
            if holds:
                held.append(message)
            else:
                to_server[-1].send(message)

        socket.on_message(pass_on)

    page.route_web_socket("**/_stcore/stream", relay)
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five read 7", timeout=PATIENT)
    wait_until_idle(page)
    clear(page)
    holds = True
    for digit in (2, 3):
        draw(page, DIGITS[digit])
        expect(verdict(page)).to_contain_text(f"All five read {digit}.")
        expect(readings(page, "server")).to_have_text([str(digit)] * 3)
        if digit == 2:
            clear(page)
    expect(page.locator("[data-chart=pairs] .mark-rect path")).to_have_count(10)
    before = page.locator("[data-chart=probabilities] svg").inner_html()
    holds = False
    for message in held:
        to_server[-1].send(message)
    wait_until_settled(page)
    expect(verdict(page)).to_contain_text("All five read 3.")
    assert page.locator("[data-chart=probabilities] svg").inner_html() == before


@pytest.mark.parametrize("status", [400, 503])
def test_a_server_that_refuses_says_why_and_the_next_drawing_is_read(
    context: BrowserContext, server: str, status: int, console_errors: list[str]
) -> None:
    page = context.new_page()
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five read 7", timeout=PATIENT)
    clear(page)
    page.route(
        "**/served/reading/*",
        lambda route: route.fulfill(
            status=status, content_type="text/plain", body="Too much to do."
        ),
    )
    draw(page, DIGITS[1])
    expect(verdict(page)).to_contain_text("Too much to do.")
    page.unroute("**/served/reading/*")
    clear(page)
    draw(page, DIGITS[3])
    expect(verdict(page)).to_contain_text("All five read 3.")
    console_errors.clear()  # the browser logs the response's status


def test_an_answer_that_breaks_off_is_said(
    context: BrowserContext, server: str, console_errors: list[str]
) -> None:
    page = context.new_page()
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five read 7", timeout=PATIENT)
    clear(page)
    page.route("**/served/reading/*", lambda route: route.fulfill(status=200, body='{"dig'))
    draw(page, DIGITS[1])
    expect(verdict(page)).to_contain_text("The server cannot be reached.")
    expect(readings(page, "browser"), "the browser's own stay").to_have_text(["1", "1"])
    console_errors.clear()
