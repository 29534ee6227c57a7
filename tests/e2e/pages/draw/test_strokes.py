from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from app.session import links
from app.ui.markup import png_url
from tests.support.drawing import (
    DIGITS,
    canvas,
    clear,
    draw,
    open_page,
    readings,
    undo,
    verdict,
    wait_until_idle,
    wait_until_settled,
)
from tests.support.waiting import until

PATIENT = 60_000  # milliseconds: the first answer waits for TensorFlow


def wait_until_python_has_seen_it(page: Page) -> None:
    """Wait until the address carries the very digit that the page shows: Python writes it."""
    shown = page.locator(".dp-pixels img").first

    def is_in(address: str) -> bool:
        found = parse_qs(urlsplit(address).query).get(links.DIGIT)
        return found is not None and png_url(links.decode(found[0])) == shown.get_attribute("src")

    until(lambda: is_in(page.evaluate("location.href")), lambda: f"Another digit is in {page.url}")
    wait_until_settled(page)


@pytest.fixture
def ready(page: Page, server: str) -> Page:
    """The Draw page with the first ready digit read by all lanes."""
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five lanes read 7", timeout=PATIENT)
    return page


def test_a_seven_drawn_with_the_mouse_is_read_by_five_lanes_with_charts(ready: Page) -> None:
    clear(ready)
    draw(ready, DIGITS[7])
    expect(verdict(ready)).to_contain_text("All five lanes read 7")
    expect(verdict(ready)).to_contain_text("within the tolerance of 1e-5")
    expect(verdict(ready)).to_contain_text("In your browser on wasm")
    assert readings(ready, "browser") == ["7", "7"]
    assert readings(ready, "server") == ["7", "7", "7"]
    expect(ready.locator(".dp-chart svg.marks")).to_have_count(5)


def test_the_canvas_has_no_toolbar_of_its_own(ready: Page) -> None:
    canvas(ready).hover()
    assert ready.locator(".dc-toolbar").count() > 0, "else the package calls it something else"
    expect(ready.locator(".dc-toolbar:visible")).to_have_count(0)


def test_ten_digits_drawn_by_mouse_get_ten_right_verdicts(ready: Page) -> None:
    for digit, strokes in DIGITS.items():
        clear(ready)
        draw(ready, strokes)
        expect(verdict(ready)).to_contain_text(f"All five lanes read {digit}.")


def test_a_drawing_outlives_a_look_at_another_page(ready: Page) -> None:
    clear(ready)
    draw(ready, DIGITS[4])
    expect(verdict(ready)).to_contain_text("All five lanes read 4.")
    wait_until_python_has_seen_it(ready)
    ready.get_by_role("link", name="Inspect").click()
    expect(ready.get_by_text("Size against")).to_be_visible(timeout=PATIENT)
    ready.get_by_role("link", name="Draw").click()
    expect(verdict(ready)).to_contain_text("All five lanes read 4.", timeout=PATIENT)
    undo(ready)
    expect(verdict(ready)).not_to_contain_text("All five lanes read 4.")


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
    console_errors.clear()  # the browser's own, of requests without a connection


def test_drawing_quickly_three_times_shows_only_the_last_answer(ready: Page) -> None:
    clear(ready)
    seen = ready.evaluate_handle(
        """() => {
            const seen = [];
            new MutationObserver(() => {
                const said = document.querySelector('.dp-headline')?.textContent;
                if (said && said !== seen.at(-1)) seen.push(said);
            }).observe(document.body, {subtree: true, childList: true, characterData: true});
            return seen;
        }"""
    )
    stem, slope, bar = [(66, 8), (64, 95)], [(30, 8), (22, 55)], [(22, 55), (80, 55)]
    for stroke in (stem, slope, bar):
        draw(ready, [stroke])
    expect(verdict(ready)).to_contain_text("All five lanes read 4.")
    wait_until_python_has_seen_it(ready)
    expect(verdict(ready)).to_contain_text("All five lanes read 4.")
    assert readings(ready, "browser") == ["4", "4"]
    headlines = seen.json_value()
    last = next(index for index, said in enumerate(headlines) if "read 4" in said)
    assert all("read 4" in said for said in headlines[last:])


# A drawing waits for its answers so many milliseconds (AHEAD_MS), which a busy machine may exceed.
PATIENT_CANVAS = """
const own = setTimeout;
window.setTimeout = (act, ms, ...given) => own(act, ms === 60 ? 60_000 : ms, ...given);
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


def test_a_drawing_is_read_by_all_five_where_only_the_page_can_say_so(
    context: BrowserContext, server: str
) -> None:
    page = context.new_page()
    page.route("**/served/reading", lambda route: route.fulfill(status=204))
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five lanes read 7", timeout=PATIENT)
    clear(page)
    draw(page, DIGITS[3])
    expect(verdict(page)).to_contain_text("All five lanes read 3.")


def test_a_chart_is_saved_as_a_picture(ready: Page) -> None:
    ready.locator("[data-chart=pairs]").hover()
    with ready.expect_download() as waiting:
        ready.locator("[data-chart=pairs]").get_by_role("button").click()
    assert waiting.value.suggested_filename == "digit-parity-pairs.png"
    picture = Image.open(waiting.value.path())
    assert picture.format == "PNG" and picture.width > 400


def test_an_emptied_canvas_empties_the_browsers_cards_after_every_stroke(ready: Page) -> None:
    clear(ready)
    for digit in (1, 7):
        draw(ready, DIGITS[digit])
        expect(verdict(ready)).to_contain_text(f"All five lanes read {digit}.")
        clear(ready)
        assert readings(ready, "browser") == ["–", "–"]


def test_undo_and_clear_change_what_is_read(ready: Page) -> None:
    clear(ready)
    draw(ready, DIGITS[1])
    expect(verdict(ready)).to_contain_text("All five lanes read 1.")
    before = verdict(ready).text_content()
    draw(ready, [[(10, 30), (90, 30)], [(10, 70), (90, 70)]])
    expect(verdict(ready)).not_to_have_text(before or "")
    undo(ready)
    undo(ready)
    expect(verdict(ready)).to_contain_text("All five lanes read 1.")
    clear(ready)
    assert readings(ready, "browser") == ["–", "–"]
    canvas(ready).wait_for()


def test_undo_pressed_at_once_takes_back_the_last_stroke_and_no_other(ready: Page) -> None:
    clear(ready)
    draw(ready, DIGITS[1])
    expect(verdict(ready)).to_contain_text("All five lanes read 1.")
    draw(ready, [[(10, 30), (90, 30)]])
    undo(ready)  # before the canvas has sent the stroke
    expect(verdict(ready)).to_contain_text("All five lanes read 1.")


@pytest.mark.parametrize("backend", ["cpu", "webgl", "wasm"])
def test_the_visitor_picks_the_backend(ready: Page, backend: str) -> None:
    ready.get_by_role("combobox").click()
    ready.get_by_role("option", name=backend, exact=True).click()
    expect(verdict(ready)).to_contain_text(f"In your browser on {backend}", timeout=PATIENT)
    expect(verdict(ready)).to_contain_text("All five lanes read 7")


def test_the_backend_that_was_measured_fastest_is_kept_for_the_tab(ready: Page) -> None:
    def kept() -> str | None:
        return ready.evaluate("sessionStorage.getItem('digit-parity-backend')")

    wait_until_idle(ready)
    assert kept() in ("wasm", "cpu")  # this Chromium draws WebGL in software: never a candidate
    ready.evaluate("sessionStorage.setItem('digit-parity-backend', 'cpu')")
    ready.reload()
    expect(verdict(ready)).to_contain_text("In your browser on cpu", timeout=PATIENT)
    wait_until_idle(ready)
    assert kept() == "cpu"  # it is not measured again


def test_a_backend_that_the_browser_lacks_falls_back_and_says_so(ready: Page) -> None:
    ready.get_by_role("combobox").click()
    ready.get_by_role("option", name="webgpu", exact=True).click()
    expect(ready.get_by_text("The backend webgpu does not work here")).to_be_visible()
    expect(ready.get_by_text("instead.")).to_be_visible()
    expect(verdict(ready)).to_contain_text("All five lanes read 7")


def test_the_result_downloads_with_every_pixel_and_lane(ready: Page, tmp_path: Path) -> None:
    with ready.expect_download() as waiting:
        ready.get_by_role("button", name="Download this result").click()
    file = tmp_path / "result.json"
    waiting.value.save_as(file)
    result = json.loads(file.read_text())
    assert len(result["digit"]["pixels"]) == 784
    assert len(result["lanes"]) == 5
    for lane in result["lanes"]:
        assert np.argmax(lane["probabilities"]) == 7
        assert np.sum(lane["probabilities"]) == pytest.approx(1, abs=1e-5)
        assert lane["steady_ms"] and lane["load_ms"] > 0 and lane["first_ms"] > 0
    assert result["browser"]["backend"] == "wasm"
    assert "Chrome" in result["browser"]["environment"]["browser"]
