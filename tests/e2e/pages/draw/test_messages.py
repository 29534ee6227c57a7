"""The messages between the Draw page and its server for a stroke, and a lost connection."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

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
)


def test_without_a_connection_no_verdict_of_an_older_drawing_stays(
    ready: Page, console_errors: list[str]
) -> None:
    clear(ready)
    draw(ready, [DIGITS[7][0]])
    expect(verdict(ready)).to_contain_text("All five lanes read")
    wait_until_idle(ready)
    ready.context.set_offline(True)
    draw(ready, [[(20, 60), (80, 60)]])
    expect(verdict(ready)).to_contain_text("The server cannot be reached.")
    ready.context.set_offline(False)
    expect(verdict(ready)).not_to_contain_text("cannot be reached", timeout=PATIENT)
    console_errors.clear()  # the browser logs requests that failed offline


# A drawing waits 60 ms for its answers (AHEAD_MS), which a busy machine may exceed.
PATIENT_CANVAS = """
const own = setTimeout;
window.setTimeout = (callback, ms, ...others) => own(callback, ms === 60 ? 60_000 : ms, ...others);
"""


def test_a_drawing_and_its_answers_travel_in_one_message(
    context: BrowserContext, server: str
) -> None:
    page, sent = context.new_page(), list[bytes]()

    def note(frame: bytes) -> None:  # Playwright takes no built-in function
        sent.append(frame)

    page.on("websocket", lambda socket: socket.on("framesent", note))
    page.add_init_script(PATIENT_CANVAS)
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five lanes read 7", timeout=PATIENT)
    wait_until_idle(page)
    clear(page)
    sent.clear()
    draw(page, DIGITS[7])
    expect(verdict(page)).to_contain_text("All five lanes read 7")
    wait_until_python_has_seen_it(page)
    assert len(sent) == 1
    assert b'"path"' in sent[0]
    assert b'"steadyMs"' in sent[0]


def test_a_drawing_is_read_by_all_five_before_the_page_has_run(
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
    expect(verdict(page)).to_contain_text("All five lanes read 7", timeout=PATIENT)
    wait_until_idle(page)
    clear(page)
    holds = True
    draw(page, DIGITS[2])
    expect(verdict(page)).to_contain_text("All five lanes read 2.")
    assert readings(page, "server") == ["2", "2", "2"]
    expect(page.locator("[data-chart=pairs] .mark-rect path")).to_have_count(10)
    before = page.locator("[data-chart=probabilities] svg").inner_html()
    assert len(held) == 1, "the page's own run is still to come"
    holds = False
    to_server[-1].send(held[0])
    expect(page.locator(".st-key-undo").get_by_role("button")).to_be_enabled()
    expect(verdict(page)).to_contain_text("All five lanes read 2.")
    assert page.locator("[data-chart=probabilities] svg").inner_html() == before


def test_a_drawing_is_read_by_all_five_when_the_endpoint_has_no_reading(
    context: BrowserContext, server: str
) -> None:
    page = context.new_page()
    page.route("**/served/reading", lambda route: route.fulfill(status=204))
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five lanes read 7", timeout=PATIENT)
    clear(page)
    draw(page, DIGITS[3])
    expect(verdict(page)).to_contain_text("All five lanes read 3.")
