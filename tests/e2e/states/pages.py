"""The states of Upload, Benchmark and Inspect, and all pages by their address."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from playwright.sync_api import Locator, Page, expect

from tests.e2e.states import draw
from tests.support.drawing import PATIENT, verdict, wait_until_settled

State = Callable[[Page], None]


def upload_first_visit(page: Page) -> None:
    expect(_headline(page)).to_contain_text("Example:", timeout=PATIENT)
    settle(page)


def upload_unreadable(page: Page) -> None:
    """Files were given, none of them a picture."""
    upload_first_visit(page)
    _give(page, "notes.png", b"no picture")
    expect(_headline(page)).to_contain_text("No picture could be read", timeout=PATIENT)
    settle(page)


def upload_done(page: Page) -> None:
    """The ready digits, through all versions."""
    upload_first_visit(page)
    page.get_by_role("button", name="Run 100 ready digits").click()
    expect(_button(page, "Report as JSON")).to_be_visible(timeout=PATIENT)
    settle(page)


def upload_report(page: Page) -> None:
    """A set's report, opened again by a new visitor."""
    upload_done(page)
    with page.expect_download() as download:
        _button(page, "Report as JSON").click()
    report = download.value.path().read_bytes()
    page.reload()
    upload_first_visit(page)
    _give(page, "report.json", report)
    expect(page.get_by_text("A saved report of").first).to_be_visible(timeout=PATIENT)
    settle(page)


def benchmark_first_visit(page: Page) -> None:
    expect(_headline(page)).to_contain_text("Example:", timeout=PATIENT)
    settle(page)


def benchmark_done(page: Page) -> None:
    benchmark_first_visit(page)
    page.locator(".st-key-benchmark-quick button").click()
    said = page.locator(".dp-detail").filter(has_text="Measured on this device")
    expect(said).to_be_visible(timeout=PATIENT)
    settle(page)


def benchmark_matrix(page: Page) -> None:
    """This device's report beside the same from another one."""
    benchmark_done(page)
    unfold(page, "benchmark-save")
    with page.expect_download() as download:
        _button(page, "Download JSON").click()
    unfold(page, "benchmark-devices")
    report = download.value.path().read_bytes()
    _give(page, "another-device.json", report)
    expect(page.locator(".dp-matrix")).to_be_visible(timeout=PATIENT)
    unfold(page, "benchmark-beyond")
    settle(page)


def inspect_agree(page: Page) -> None:
    expect(verdict(page)).to_contain_text("Nowhere: both formats follow", timeout=PATIENT)
    settle(page)


def inspect_unfolded(page: Page) -> None:
    inspect_agree(page)
    unfolded(page)


STATES: Mapping[str, list[State]] = {
    "": draw.STATES,
    "upload": [upload_first_visit, upload_unreadable, upload_done, upload_report],
    "benchmark": [benchmark_first_visit, benchmark_done, benchmark_matrix],
    "inspect": [inspect_agree, inspect_unfolded],
}


def unfolded(page: Page) -> None:
    """All parts open."""
    for part in page.locator("details:visible").all():
        if part.get_attribute("open") is None:
            part.locator("summary").click()
    settle(page)


def unfold(page: Page, key: str) -> None:
    """Open a folded part by its key."""
    page.locator(f".st-key-{key} details:not([open]) > summary").first.click()


def open_list(page: Page, name: str) -> None:
    """Open a list by its name. One closes when the page runs, or is scrolled, as it is to bring the
    list into view.
    """
    box = page.get_by_role("combobox", name=name, exact=True)
    expect(box).to_be_visible(timeout=PATIENT)
    box.scroll_into_view_if_needed()
    wait_until_settled(page)
    box.click()


def settle(page: Page) -> None:
    """Wait until nothing is on its way, and no tooltip of what was pointed at is left."""
    page.mouse.move(1, 1)
    wait_until_settled(page)
    page.wait_for_load_state("networkidle")
    expect(page.get_by_test_id("stTooltipContent")).to_have_count(0)
    wait_until_settled(page)


def _headline(page: Page) -> Locator:
    return page.locator(".dp-headline").first


def _button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=re.compile(rf"{name}$")).first


def _give(page: Page, name: str, content: bytes) -> None:
    place = page.locator("[data-testid=stFileUploader] input").first
    place.set_input_files({"name": name, "mimeType": "", "buffer": content})
