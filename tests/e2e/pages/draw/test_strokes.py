"""Strokes by mouse on the Draw page, and undoing them."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.pages.draw.conftest import wait_until_python_has_seen_it
from tests.support.drawing import (
    DIGITS,
    PATIENT,
    canvas,
    clear,
    draw,
    readings,
    undo,
    verdict,
)


def test_a_seven_drawn_with_the_mouse_is_read_by_five_lanes_with_charts(ready: Page) -> None:
    clear(ready)
    draw(ready, DIGITS[7])
    expect(verdict(ready)).to_contain_text("All five read 7")
    expect(verdict(ready)).to_contain_text("Rounding alone explains up to 0.000023")
    expect(readings(ready, "browser")).to_have_text(["7", "7"])
    expect(readings(ready, "server")).to_have_text(["7", "7", "7"])
    expect(ready.locator(".dp-chart svg.marks")).to_have_count(5)


def test_without_a_digit_its_place_stays_a_square(ready: Page) -> None:
    clear(ready)
    place = ready.locator(".dp-pixels")
    expect(place.locator("img")).to_have_count(0)
    box = place.bounding_box()
    assert box is not None
    assert box["width"] == box["height"] > 50


def test_the_canvas_has_no_toolbar_of_its_own(ready: Page) -> None:
    ready.locator(".dp-pen").hover()
    # It is there, else the package calls it something else.
    expect(ready.locator(".dc-toolbar")).not_to_have_count(0)
    expect(ready.locator(".dc-toolbar:visible")).to_have_count(0)


def test_ten_digits_drawn_by_mouse_get_ten_right_verdicts(ready: Page) -> None:
    for digit, strokes in DIGITS.items():
        clear(ready)
        draw(ready, strokes)
        expect(verdict(ready)).to_contain_text(f"All five read {digit}.")


def test_drawing_quickly_three_times_shows_only_the_last_answer(ready: Page) -> None:
    clear(ready)
    seen = ready.evaluate_handle(
        """() => {
            const seen = [];
            new MutationObserver(() => {
                const headline = document.querySelector('.dp-headline')?.textContent;
                if (headline && headline !== seen.at(-1)) seen.push(headline);
            }).observe(document.body, {subtree: true, childList: true, characterData: true});
            return seen;
        }"""
    )
    stem, slope, bar = [(66, 8), (64, 95)], [(30, 8), (22, 55)], [(22, 55), (80, 55)]
    for stroke in (stem, slope, bar):
        draw(ready, [stroke])
    expect(verdict(ready)).to_contain_text("All five read 4.")
    wait_until_python_has_seen_it(ready)
    expect(verdict(ready)).to_contain_text("All five read 4.")
    expect(readings(ready, "browser")).to_have_text(["4", "4"])
    headlines = seen.json_value()
    last = next(at for at, headline in enumerate(headlines) if "All five read 4." in headline)
    assert all("read 4" in headline for headline in headlines[last:]), headlines


def test_a_drawing_survives_a_visit_to_another_page(ready: Page) -> None:
    clear(ready)
    draw(ready, DIGITS[4])
    expect(verdict(ready)).to_contain_text("All five read 4.")
    wait_until_python_has_seen_it(ready)
    ready.get_by_role("link", name="Inspect").click()
    expect(ready.get_by_role("link", name="Size against accuracy")).to_be_visible(timeout=PATIENT)
    ready.get_by_role("link", name="Draw").click()
    expect(verdict(ready)).to_contain_text("All five read 4.", timeout=PATIENT)
    undo(ready)
    expect(verdict(ready)).not_to_contain_text("All five read 4.")


def test_an_emptied_canvas_empties_the_browsers_cards_after_every_stroke(ready: Page) -> None:
    clear(ready)
    for digit in (1, 7):
        draw(ready, DIGITS[digit])
        expect(verdict(ready)).to_contain_text(f"All five read {digit}.")
        clear(ready)
        expect(readings(ready, "browser")).to_have_text(["–", "–"])


def test_undo_and_clear_change_what_is_read(ready: Page) -> None:
    clear(ready)
    draw(ready, DIGITS[1])
    expect(verdict(ready)).to_contain_text("All five read 1.")
    before = verdict(ready).text_content()
    draw(ready, [[(10, 30), (90, 30)], [(10, 70), (90, 70)]])
    expect(verdict(ready)).not_to_have_text(before or "")
    undo(ready)
    undo(ready)
    expect(verdict(ready)).to_contain_text("All five read 1.")
    clear(ready)
    expect(readings(ready, "browser")).to_have_text(["–", "–"])
    canvas(ready).wait_for()


def test_undo_pressed_at_once_removes_only_the_last_stroke(ready: Page) -> None:
    clear(ready)
    draw(ready, DIGITS[1])
    expect(verdict(ready)).to_contain_text("All five read 1.")
    draw(ready, [[(10, 30), (90, 30)]])
    undo(ready)
    expect(verdict(ready)).to_contain_text("All five read 1.")
