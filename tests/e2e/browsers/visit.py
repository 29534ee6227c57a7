"""A visit to the Draw page in any browser: a seven is drawn, read, taken back and cleared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from tests.e2e.browsers import firefox, webkit
from tests.e2e.browsers.driven import Driven
from tests.support.waiting import until

SECONDS = 150  # TensorFlow may still be loading on a busy machine
BOUND = 3.0  # pixels of the screen that the ink may lie beside the pen
PEN = 18 / 280 / 2  # half the pen's width, as a share of the pad
SEVEN = [(0.25, 0.2), (0.35, 0.2), (0.45, 0.2), (0.55, 0.2), (0.65, 0.2), (0.75, 0.2)]
SEVEN += [(0.7, 0.32), (0.65, 0.44), (0.6, 0.56), (0.55, 0.68), (0.5, 0.8), (0.48, 0.85)]
SEVEN_READ = "read 7"
EMPTY = "Draw a digit."
HEADLINE = "return document.querySelector('.dp-headline').textContent;"
SAID = "return document.querySelector('.dp-verdict')?.textContent ?? '';"
READ = (
    "return [...document.querySelectorAll('.dp-lanes .dp-digit')].map((each) => each.textContent);"
)
# The box around the ink of all canvases of the pad, as shares of its sides; null without ink.
INK = """
const box = [Infinity, Infinity, -Infinity, -Infinity];
for (const canvas of document.querySelectorAll('.st-key-pad canvas')) {
  const {width, height} = canvas;
  const {data} = canvas.getContext('2d').getImageData(0, 0, width, height);
  for (let at = 0; at < width * height; at += 1) {
    if (data[4 * at + 3] <= 128) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    box[0] = Math.min(box[0], x / width);
    box[1] = Math.min(box[1], y / height);
    box[2] = Math.max(box[2], (x + 1) / width);
    box[3] = Math.max(box[3], (y + 1) / height);
  }
}
return box[0] === Infinity ? null : box;
"""
Opened = Callable[[], AbstractContextManager[Driven]]
# How each browser is opened; None where it is not here.
BROWSERS: dict[str, Opened | None] = {
    "firefox": firefox.opened if firefox.find() else None,
    "webkit": webkit.opened if webkit.find() else None,
}
PACKAGES = "firefox-esr webkit2gtk-driver xvfb"
MISSING = f"{{}} is not here. As root on Debian: apt-get install {PACKAGES}"


@dataclass
class Visit:
    """What a visitor does, and sees."""

    browser: Driven

    def wait_for(self, words: str) -> str:
        """Wait until the answer has these words, and return it."""

        def said() -> str:
            return " ".join(self.browser.run(SAID).split())

        until(lambda: words in said(), lambda: f"It says {said()!r}.", SECONDS)
        return said()

    def wait_for_ink(self, *, there: bool) -> None:
        """Wait until there is ink on the pad, or none."""
        until(lambda: (self.browser.run(INK) is not None) == there, lambda: f"there: {not there}")

    def press(self, name: str) -> None:
        """Click a button of the pad."""
        self.browser.click(f".st-key-{name} button")

    def draw(self) -> float:
        """Draw a seven; returns how many pixels its ink's edges lie beside the pen's, at most."""
        left, top, width, height = self.browser.rectangle(".st-key-pad")
        self.browser.stroke([(left + x * width, top + y * height) for x, y in SEVEN])
        self.wait_for_ink(there=True)
        self.wait_for(SEVEN_READ)
        xs, ys = zip(*SEVEN, strict=True)
        pen = (min(xs) - PEN, min(ys) - PEN, max(xs) + PEN, max(ys) + PEN)
        ink = self.browser.run(INK)
        off = [abs(a - b) for a, b in zip(ink, pen, strict=True)]
        return max(each * side for each, side in zip(off, (width, height) * 2, strict=True))


def visit(browser: Driven, url: str) -> Iterator[str]:
    """Yields a sentence on each thing that was right; raises AssertionError for what is not."""
    visitor = Visit(browser)
    browser.open(url)
    visitor.wait_for("All five read 7")
    visitor.press("clear")
    visitor.wait_for(EMPTY)
    visitor.wait_for_ink(there=False)
    beside = visitor.draw()
    _, _, side, _ = browser.rectangle(".st-key-pad")
    assert beside <= BOUND, f"the ink is {beside:.1f} px beside the pen"
    yield f"the ink is where the pen was: at most {beside:.1f} px beside it on a pad of {side:.0f}"
    visitor.wait_for("All five")
    assert browser.run(READ) == ["7"] * 5
    yield f"it says “{browser.run(HEADLINE)}” of five versions"
    visitor.press("undo")
    visitor.wait_for(EMPTY)
    visitor.wait_for_ink(there=False)
    visitor.press("redo")
    visitor.wait_for("All five read 7")
    visitor.wait_for_ink(there=True)
    visitor.press("clear")
    visitor.wait_for(EMPTY)
    visitor.wait_for_ink(there=False)
    yield "Undo, Redo and Clear do what they say"
    assert not browser.errors, browser.errors
