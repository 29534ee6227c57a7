"""``python -m benchmarks.pen_up``: the time from pen-up to the answers, in a real page.

The app runs in this machine's Chromium. The page times each stroke from `pointerup` until both
browser lanes' cards have answered, until the verdict of all five lanes, and until the last change
in any of the five charts. The canvas's debounce of 200 ms is subtracted. Prints medians and 95th
percentiles in milliseconds.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks import report
from benchmarks.report import Figure
from models.parity.timing import median, p95
from tests.support import chromium, drawing
from tests.support.servers import serving

DEBOUNCE_MS = 200.0
PAUSE_MS = 700  # nobody draws sooner on a canvas that was just cleared
QUIET_MS = 900  # charts are done if they did not change for this long

# Records the time from pen-up to each kind of change.
WATCH = """
() => {
  const seen = {up: 0, cards: 0, verdict: 0, charts: 0};
  window.dpSeen = seen;
  addEventListener('pointerup', () => {
    Object.assign(seen, {up: performance.now(), cards: 0, verdict: 0, charts: 0});
  }, true);
  const inside = (change, place) => change.target.parentElement?.closest(place);
  const answered = () => {
    const cards = [...document.querySelectorAll('.st-key-browser-lanes .dp-card')];
    return cards.length === 2 && cards.every((card) => card.dataset.state === 'answered');
  };
  const headline = () => document.querySelector('.dp-headline')?.textContent ?? '';
  new MutationObserver((changes) => {
    const now = performance.now() - seen.up;
    // Thousands of changes come at once, so known times are not computed again.
    const painted = () => changes.some((change) => inside(change, '.st-key-browser-lanes'));
    if (!seen.cards && painted() && answered()) seen.cards = now;
    if (!seen.verdict && headline().startsWith('All five')) seen.verdict = now;
    if (changes.some((change) => inside(change, '.st-key-charts svg'))) seen.charts = now;
  }).observe(document.body, {
    subtree: true, childList: true, attributes: true, characterData: true,
  });
}
"""


def measure(page: Page, strokes: int, *, after: int = 0) -> dict[str, list[float]]:
    """Milliseconds from pen-up to each change, for ``strokes`` sevens on a cleared canvas.

    The server caches its last answers, so each of the 81 possible sevens is drawn only once:
    ``after`` is how many were drawn before.
    """
    times: dict[str, list[float]] = {"cards": [], "verdict": [], "charts": []}
    page.evaluate(WATCH)
    for number in range(after, after + strokes):
        drawing.clear(page)
        page.wait_for_timeout(PAUSE_MS)
        top, foot = number % 9 - 4, number // 9 % 9 - 4
        drawing.draw(page, [[(20 + top, 10), (82, 10 + top), (45 + foot, 95)]])
        expect(drawing.verdict(page)).to_contain_text("All five", timeout=20_000)
        page.wait_for_timeout(QUIET_MS)
        for name, value in page.evaluate("window.dpSeen").items():
            if name != "up":
                times[name].append(value - DEBOUNCE_MS)
    return times


def compare(times: dict[str, list[float]]) -> list[Figure]:
    """The median and 95th percentile of each time beside their goals."""
    goals: dict[str, tuple[str, float | None, float | None]] = {
        "cards": ("both browser lanes have answered", 30, None),
        "verdict": ("the verdict of five lanes", None, None),
        "charts": ("all charts painted", 90, 200),
    }
    rows = []
    for name, (what, half, most) in goals.items():
        for words, value, goal in (
            ("p50", median(times[name]), half),
            ("p95", p95(times[name]), most),
        ):
            ours = f"{value:.0f} ms"
            rows.append(Figure(f"pen-up → {what}, {words}", ours, "", value, " ms", goal=goal))
    return rows


def main() -> None:
    """Start the app and Chromium, measure, print the figures."""
    parser = argparse.ArgumentParser("python -m benchmarks.pen_up", description=__doc__)
    parser.add_argument("--strokes", type=int, default=40)
    options = parser.parse_args()
    path = chromium.need()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(log=Path(folder) / "log.txt") as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        drawing.open_page(page, url)
        expect(drawing.verdict(page)).to_contain_text("All five", timeout=60_000)
        drawing.wait_until_idle(page)
        times = measure(page, options.strokes)
        browser.close()
    print(
        f"{options.strokes} strokes; milliseconds from the pen's lifting, less the canvas's 200.\n"
    )
    report.show(compare(times))


if __name__ == "__main__":
    main()
