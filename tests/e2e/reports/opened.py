"""A bug report, opened from a disk as a person opens it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

# The code that is copied, without its first line: the page has what the package gives.
_RUN = """async () => {
    const code = document.getElementById('code').textContent.replace(/^import .*$/m, '');
    const printed = [], log = console.log;
    console.log = (...each) => printed.push(each.join(' '));
    try {
        await Object.getPrototypeOf(async () => {}).constructor(code)();
    } finally { console.log = log; }
    return printed.join('\\n');
}"""


@dataclass(frozen=True)
class Opened:
    """What a report shows: ``verdict`` is its headline, ``live`` each backend's line, ``printed``
    what its code prints. ``errors`` are the browser's complaints, ``asked`` what it fetched,
    ``overflow`` by how many pixels it is wider than a phone.
    """

    verdict: str
    kind: str
    live: dict[str, str]
    printed: str
    errors: list[str]
    asked: list[str]
    overflow: int


def read(browser: Browser, file: Path, picture: Path | None = None) -> Opened:
    """Open a report, wait until it has run, and run its code."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    errors: list[str] = []
    asked: list[str] = []
    page.on("console", lambda each: errors.append(each.text) if each.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    try:
        page.goto(file.as_uri())
        page.wait_for_selector("#live[data-done]", state="attached", timeout=60_000)
        verdict = page.locator("#verdict")
        lines = page.locator("#live tr").all()
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if picture is not None:
            page.screenshot(path=picture, full_page=True)
        return Opened(
            verdict.inner_text(),
            verdict.get_attribute("data-kind") or "",
            {line.locator("th").inner_text(): line.locator("td").inner_text() for line in lines},
            page.evaluate(_RUN),
            errors,
            asked,
            overflow,
        )
    finally:
        context.close()
