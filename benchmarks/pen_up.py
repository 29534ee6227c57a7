"""``python -m benchmarks.pen_up``: the time from pen-up to the answers, in a real page.

The app runs in this machine's Chromium. The page times each stroke from `pointerup` until both
browser lanes have answered, until the verdict of all five lanes, and until the last change in any
of the five charts. Then it draws a long stroke and counts how often the page reads along, and how
long a frame takes meanwhile. Prints medians and 95th percentiles in milliseconds.
"""

from __future__ import annotations

import argparse
import itertools

from playwright.sync_api import Page, expect

from benchmarks import report
from benchmarks.report import Figure
from models.parity.timing import median, p95
from tests.support import chromium, drawing

SCRIBBLE_SECONDS = 5.0
PAUSE_MS = 700  # nobody draws sooner on a canvas that was just cleared
QUIET_MS = 900  # charts are done if they did not change for this long

# Records the time from pen-up to each kind of change.
WATCH = """
() => {
  const seen = {up: 0, lanes: 0, verdict: 0, charts: 0};
  window.dpSeen = seen;
  addEventListener('pointerup', () => {
    Object.assign(seen, {up: performance.now(), lanes: 0, verdict: 0, charts: 0});
  }, true);
  const studio = document.querySelector('.dp-studio');
  const answered = () => studio.querySelectorAll(
    'tr[data-where=browser][data-state=answered]').length === 2;
  const verdict = studio.querySelector('.dp-verdict');
  const all = () => verdict.dataset.kind !== 'waiting' && /All five/.test(verdict.textContent);
  new MutationObserver((changes) => {
    const now = performance.now() - seen.up;
    // Thousands of changes come at once, so known times are not computed again.
    if (!seen.lanes && answered()) seen.lanes = now;
    if (!seen.verdict && all()) seen.verdict = now;
    if (changes.some(({ target }) => target.parentElement?.closest('.dp-charts svg')))
      seen.charts = now;
  }).observe(studio, { subtree: true, childList: true, attributes: true, characterData: true });
}
"""


# Counts what the page reads of an unfinished stroke, and how far its frames are apart.
ALONG = """
() => {
  const along = {readings: [], frames: [], pen: 0};
  window.dpAlong = along;
  let isDown = false;
  addEventListener('pointerdown', ({ pointerId }) => {
    isDown = true;
    along.pen = pointerId;
  }, true);
  addEventListener('pointerup', () => { isDown = false; }, true);
  const bar = document.querySelector('tr[data-where=browser] .dp-sure');
  new MutationObserver(() => { if (isDown) along.readings.push(performance.now()); })
    .observe(bar, { attributes: true });
  const frame = (now) => {
    if (isDown) along.frames.push(now);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
"""

# Moves the pen in a spiral, 125 times a second as a mouse does: Playwright waits after each move.
SPIRAL = """
(seconds) => new Promise((done) => {
  const over = document.querySelector('.dp-pen');
  const { left, top, width } = over.getBoundingClientRect();
  const begin = performance.now();
  const timer = setInterval(() => {
    const passed = (performance.now() - begin) / 1e3;
    const reach = width * (0.1 + 0.25 * passed / seconds);
    over.dispatchEvent(new PointerEvent('pointermove', {
      pointerId: window.dpAlong.pen,
      buttons: 1,
      clientX: left + width / 2 + reach * Math.cos(2 * passed),
      clientY: top + width / 2 + reach * Math.sin(2 * passed),
    }));
    if (passed < seconds) return;
    clearInterval(timer);
    done(passed);
  }, 8);
})
"""


def measure(page: Page, strokes: int, *, after: int = 0) -> dict[str, list[float]]:
    """Milliseconds from pen-up to each change, for ``strokes`` sevens on a cleared canvas.

    The server caches its last answers, so each of the 81 possible sevens is drawn only once:
    ``after`` is how many were drawn before.
    """
    times: dict[str, list[float]] = {"lanes": [], "verdict": [], "charts": []}
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
                times[name].append(value)
    return times


def along(page: Page) -> list[Figure]:
    """How often the page reads along with a long stroke, and how long its frames take."""
    page.evaluate(ALONG)
    drawing.clear(page)
    page.locator(".dp-pen").hover()
    page.mouse.down()
    passed = page.evaluate(SPIRAL, SCRIBBLE_SECONDS)
    page.mouse.up()
    seen = page.evaluate("window.dpAlong")
    gaps = [late - early for early, late in itertools.pairwise(seen["frames"])]
    often, usual, longest = len(seen["readings"]) / passed, median(gaps), max(gaps)
    what = "while the pen moves: "
    return [
        Figure(f"{what}readings a second", f"{often:.0f}", "", often, bound="≥", unit="", goal=20),
        Figure(f"{what}a frame, p50", f"{usual:.0f} ms", "", usual, " ms"),
        Figure(f"{what}the longest frame", f"{longest:.0f} ms", "", longest, " ms", goal=50),
    ]


def compare(times: dict[str, list[float]]) -> list[Figure]:
    """The median and 95th percentile of each time beside their goals."""
    goals: dict[str, tuple[str, float | None, float | None]] = {
        "lanes": ("both browser lanes have answered", 30, None),
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
    with chromium.with_app() as (browser, url):
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        drawing.open_page(page, url)
        expect(drawing.verdict(page)).to_contain_text("All five", timeout=60_000)
        drawing.wait_until_idle(page)
        times = measure(page, options.strokes)
        moving = along(page)
    print(f"{options.strokes} strokes; milliseconds from the pen's lifting.\n")
    report.show([*compare(times), *moving])


if __name__ == "__main__":
    main()
