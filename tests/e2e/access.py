"""What a page that is shown lacks for who cannot see it, point at it or wait for its motion.

Each function gives sentences, none if all is well. ``access.js`` is the half in the browser.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.support import drawing

SCRIPT = Path(__file__).with_suffix(".js").read_text("utf-8")
NAMED = {
    "button", "checkbox", "combobox", "DisclosureTriangle", "link", "listbox", "searchbox",
    "slider", "spinbutton", "switch", "tab", "textbox",
}  # fmt: skip
# Streamlit's own, which a page cannot change.
STREAMLITS = {
    'id="stFloatingOverlayPortal"': "a tooltip, which lies beside the page's landmarks",
    "button are named 'Open'": "the arrow of a select, which itself has a name and the keyboard",
    'presentation-role-conflict (minor): <section role="presentation" tabindex="-1" '
    'data-testid="stFileUploaderDropzone"': "the frame of a place to drop, in which a button is",
}
ZOOMED = 720  # pixels: a screen of 1440 at 200 %
MOST_STOPS = 1_000  # of a table every cell of a row


def everything(page: Page) -> list[str]:
    """All that is lacking in what the page shows now."""
    page.evaluate(SCRIPT)
    found = [
        *violations(page),
        *(f"name: {each}" for each in names(page)),
        *(f"small: {each}" for each in page.evaluate("access.small()")),
        *(f"no words: {each}" for each in page.evaluate("access.wordless()")),
    ]
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(drawing.PAINTED)
    found += keyboard(page)
    found += [f"moves: {each}" for each in page.evaluate("access.moving()")]
    page.emulate_media(reduced_motion="no-preference")
    found += zoomed(page)  # the last: what a new size brings anew has no focus
    return [each for each in found if not any(theirs in each for theirs in STREAMLITS)]


def violations(page: Page, within: str | None = None) -> list[str]:
    """axe's violations of any impact, each with its elements, in the page or one part of it."""
    found = Axe().run(page, context=within).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:200]}"
        for each in found
        for node in each["nodes"]
    ]


def names(page: Page) -> Iterator[str]:
    """Controls without a name, and names that two controls of a kind have.

    As the browser tells screen readers.
    """
    browser = page.context.new_cdp_session(page)
    nodes = browser.send("Accessibility.getFullAXTree")["nodes"]
    browser.detach()
    controls = Counter(
        (node["role"]["value"], node.get("name", {}).get("value", "").strip())
        for node in nodes
        if not node["ignored"] and node["role"]["value"] in NAMED
    )
    for (role, name), count in controls.items():
        if not name:
            yield f"{count} {role} without a name"
        elif count > 1 and role != "link":  # two links may lead to one place
            yield f"{count} {role} are named {name!r}"


def keyboard(page: Page) -> Iterator[str]:
    """Stops of the Tab key where the focus is not seen, and controls that it does not come to."""
    page.evaluate("access.forget()")
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate("access.stop()")
        if stop is None:  # between the page's end and its start, or what had the focus has gone
            continue
        if stop["isDone"]:
            break
        if not stop["isSeen"]:
            yield f"focus not seen: {stop['told']}"
    yield from (f"no tab stop: {each}" for each in page.evaluate("access.missed()"))
    page.evaluate("access.forget()")


def zoomed(page: Page) -> Iterator[str]:
    """How much wider than the screen the page is at 200 %."""
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": ZOOMED, "height": 450})
    page.evaluate(drawing.PAINTED)
    page.evaluate(drawing.PAINTED)
    wide = page.evaluate("document.querySelector('.stMain').scrollWidth")
    if wide > ZOOMED:
        yield f"at 200 % the page is {wide} pixels wide, not {ZOOMED}"
    page.set_viewport_size(size)
