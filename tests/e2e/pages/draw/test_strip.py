"""The digits of a visit: each opens again, a link has its strokes, weights can be switched."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, expect

from app.session import links, stroke_tokens
from tests.e2e.pages.draw.conftest import wait_until_python_has_seen_it
from tests.support.drawing import DIGITS, PATIENT, clear, draw, undo, verdict

DRAWN = (1, 3, 7)


def strip(page: Page) -> Locator:
    return page.locator(".dp-strip button")


def tally(page: Page) -> Locator:
    return page.locator(".dp-visit .dp-how")


def draw_digits(page: Page) -> None:
    """Draw three digits, and wait until each is in the strip."""
    for digit in DRAWN:
        clear(page)
        draw(page, DIGITS[digit])
        name = re.compile(rf": read as {digit}, all versions agree$")
        expect(strip(page).first).to_have_accessible_name(name, timeout=PATIENT)


def label(page: Page) -> Locator:
    return page.locator(".dp-picture-label")


def test_three_digits_are_in_the_strip_and_each_opens_again_with_its_strokes(ready: Page) -> None:
    expect(strip(ready)).to_have_count(1, timeout=PATIENT)  # the ready digit of a newcomer
    draw_digits(ready)
    expect(strip(ready)).to_have_count(4)
    expect(tally(ready)).to_contain_text(
        re.compile(
            r"^4 digits this visit: all five versions agree on each; "
            r"the largest difference is [\d.e-]+ of an allowed 2\.3e-5\.$"
        )
    )
    strip(ready).nth(1).click()
    expect(verdict(ready)).to_contain_text("read 3")
    expect(label(ready)).to_have_text("Yours")
    expect(ready.locator(".dp-pad[data-drawn]")).to_be_attached()
    name = re.compile("read as 3")
    expect(strip(ready).first).to_have_accessible_name(name)  # it is the latest now
    expect(strip(ready)).to_have_count(4)


def test_a_link_opens_on_its_strokes_which_can_be_added_to(
    ready: Page, context: BrowserContext
) -> None:
    clear(ready)
    draw(ready, DIGITS[1])
    expect(verdict(ready)).to_contain_text("read 1")
    expect(strip(ready)).to_have_count(2, timeout=PATIENT)
    wait_until_python_has_seen_it(ready)
    query = parse_qs(urlsplit(ready.url).query)
    strokes = stroke_tokens.decode(query[links.STROKES][0])
    assert strokes is not None and len(strokes) == 1
    visitor = context.new_page()
    visitor.goto(ready.url)
    expect(verdict(visitor)).to_contain_text("read 1", timeout=PATIENT)
    expect(label(visitor)).to_have_text("Shared digit")
    expect(visitor.locator(".dp-pad[data-drawn]")).to_be_attached()
    expect(visitor).to_have_url(ready.url)
    shown = visitor.locator(".dp-pixels img").get_attribute("src")
    draw(visitor, [[(10, 30), (90, 30)]])
    expect(label(visitor)).to_have_text("Yours")
    expect(visitor.locator(".dp-pixels img")).not_to_have_attribute("src", shown or "")
    undo(visitor)
    expect(verdict(visitor)).to_contain_text("read 1")


def test_a_reload_keeps_what_is_yours(ready: Page) -> None:
    clear(ready)
    draw(ready, DIGITS[7])
    expect(verdict(ready)).to_contain_text("read 7")
    expect(strip(ready)).to_have_count(2, timeout=PATIENT)
    wait_until_python_has_seen_it(ready)
    ready.reload()
    expect(verdict(ready)).to_contain_text("read 7", timeout=PATIENT)
    expect(label(ready)).to_have_text("Yours")
    expect(ready.locator(".dp-pad[data-drawn]")).to_be_attached()


def test_a_ready_digits_link_says_which_it_is(ready: Page, context: BrowserContext) -> None:
    ready.get_by_role("button", name="Ready digit 3").click()
    expect(label(ready)).to_have_text("Ready digit 3")
    expect(strip(ready)).to_have_count(2, timeout=PATIENT)
    wait_until_python_has_seen_it(ready)
    visitor = context.new_page()
    visitor.goto(ready.url)
    expect(label(visitor)).to_have_text("Ready digit 3", timeout=PATIENT)


def test_rounded_weights_show_how_far_they_are_and_count_by_themselves(
    ready: Page, context: BrowserContext
) -> None:
    expect(strip(ready)).to_have_count(1, timeout=PATIENT)
    weights = ready.get_by_label("Weights")
    weights.select_option("uint8")
    expect(verdict(ready)).to_contain_text("That is what uint8 weights cost", timeout=PATIENT)
    rows = ready.locator(".dp-lanes tbody tr")
    expect(rows.locator("th")).to_have_text(
        [
            "Keras, the original",
            "graph uint8, on the server",
            "layers uint8, on the server",
            "graph uint8, in your browser",
            "layers uint8, in your browser",
        ]
    )
    expect(ready.locator(".dp-lanes tr[data-state=answered]")).to_have_count(5, timeout=PATIENT)
    expect(ready.locator(".dp-lanes tr[data-differs]")).to_have_count(4)
    expect(tally(ready)).to_contain_text("1 digit this visit: versions differ on 1;")
    # The address is written after the charts.
    expect(ready).to_have_url(re.compile(f"[?&]{links.STORED}=uint8"), timeout=PATIENT)
    visitor = context.new_page()
    visitor.goto(ready.url)
    expect(verdict(visitor)).to_contain_text("uint8 weights cost", timeout=PATIENT)
    expect(visitor.get_by_label("Weights")).to_have_value("uint8")
    weights.select_option("float32")
    expect(verdict(ready)).to_contain_text("All five", timeout=PATIENT)
    expect(tally(ready)).to_contain_text("1 digit this visit: all five versions agree;")
    expect(ready).not_to_have_url(re.compile(f"[?&]{links.STORED}="), timeout=PATIENT)
