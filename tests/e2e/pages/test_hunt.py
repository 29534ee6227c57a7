"""In Chromium: the picture on which a model's two formats differ most, found in the page."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Worker, expect

from tests.e2e import access
from tests.e2e.states import pages as states
from tests.support.drawing import PATIENT, verdict, wait_until_settled
from tests.support.waiting import until

PART = ".st-key-inspect-part-hunt"


def test_rounded_weights_differ_and_closing_the_part_ends_a_search(page: Page, server: str) -> None:
    page.goto(f"{server}/inspect")
    expect(verdict(page)).to_contain_text("Nowhere", timeout=PATIENT)
    states.open_list(page, "Stored weights")
    page.get_by_role("option", name="uint8").click()
    expect(verdict(page)).not_to_contain_text("Nowhere", timeout=PATIENT)
    states.unfold(page, "inspect-part-hunt")
    look = page.get_by_role("button", name="Look for 20 seconds")
    look.click()
    status = page.locator(".dp-hunt [role=status]")
    expect(status).to_have_text(re.compile(r"[\d,]+ pictures, at most 0\.[1-9]"), timeout=PATIENT)
    expect(look).to_be_disabled()
    assert access.violations(page, PART) == []
    page.get_by_role("button", name="Stop", exact=True).click()
    part = page.locator(PART)
    expect(part).to_contain_text("Weights are rounded on purpose here")
    expect(part.get_by_role("img").first).to_be_visible()
    expect(part).to_contain_text(re.compile(r"Seed 0: [\d,]+ pictures asked in \d+ s on wasm"))
    wait_until_settled(page)
    assert access.violations(page, PART) == []
    expect(part.get_by_role("link", name="See it on the Draw page")).to_be_visible()
    with page.expect_event("worker", lambda each: "hunt" in each.url) as started:
        look.click()
    ended: list[Worker] = []

    def note(worker: Worker) -> None:
        ended.append(worker)

    started.value.on("close", note)
    part.locator("summary").first.click()
    until(lambda: page.evaluate("true") and ended, lambda: "the search goes on")
