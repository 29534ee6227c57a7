"""While the pen moves, the browser's lanes read along; the answer follows when it is lifted."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.support.drawing import DIGITS, clear, draw, readings, verdict

LIVE = "Reading along: graph and layers in your browser read 7"
BARS = ".dp-chart[data-chart=probabilities] svg .mark-rect path"


def states(page: Page) -> list[str]:
    """The states of all rows, in the order of the page."""
    rows = page.locator(".dp-lanes tbody tr").all()
    return [row.get_attribute("data-state") or "" for row in rows]


def test_the_page_reads_along_before_the_pen_is_lifted(ready: Page) -> None:
    draw(ready, DIGITS[1])
    expect(verdict(ready)).to_contain_text("read 1")
    clear(ready)
    draw(ready, DIGITS[7], lifted=False)
    expect(verdict(ready)).to_contain_text(LIVE)
    expect(readings(ready, "browser")).to_have_text(["7", "7"])
    expect(readings(ready, "server")).to_have_text(["–", "–", "–"])
    assert states(ready) == ["waiting", "waiting", "waiting", "live", "live"]
    expect(ready.locator(BARS)).to_have_count(20)  # of two lanes
    ready.mouse.up()
    expect(verdict(ready)).to_contain_text("All five")
    assert states(ready) == ["answered"] * 5
    expect(ready.locator(".dp-studio[data-live]")).to_have_count(0)
    expect(ready.locator(BARS)).to_have_count(50)


def test_each_part_of_a_stroke_is_read(ready: Page) -> None:
    clear(ready)
    seen = ready.evaluate_handle(
        """() => {
            const seen = [];
            const read = document.querySelector('tr[data-where=browser] .dp-digit');
            new MutationObserver(() => seen.push(read.textContent))
                .observe(read, {childList: true, characterData: true, subtree: true});
            return seen;
        }"""
    )
    draw(ready, [DIGITS[7][0][:2]], lifted=False)
    expect(verdict(ready)).to_contain_text("Reading along: graph")
    first = readings(ready, "browser").first.inner_text()
    assert first != "7"
    box = ready.locator(".st-key-pad").bounding_box()
    assert box is not None
    ready.mouse.move(box["x"] + 0.47 * box["width"], box["y"] + 0.77 * box["height"], steps=9)
    expect(verdict(ready)).to_contain_text(LIVE)
    assert first in seen.json_value()


def test_screen_readers_are_told_the_answer_only(ready: Page) -> None:
    said = ready.evaluate_handle(
        """() => {
            const said = [];
            const region = document.getElementById('dp-said');
            new MutationObserver(() => said.push(region.textContent))
                .observe(region, {childList: true, characterData: true, subtree: true});
            return said;
        }"""
    )
    clear(ready)
    draw(ready, DIGITS[7], lifted=False)
    expect(verdict(ready)).to_contain_text(LIVE)
    expect(ready.locator("#dp-said")).to_be_empty()  # it waits until nothing changes
    ready.mouse.up()
    expect(ready.locator("#dp-said")).to_contain_text("read 7")
    assert not any("along" in each for each in said.json_value())


def test_what_was_read_along_is_no_answer_where_the_server_cannot_be_reached(
    ready: Page, console_errors: list[str]
) -> None:
    ready.route("**/served/reading/*", lambda route: route.abort())
    clear(ready)
    draw(ready, DIGITS[7], lifted=False)
    expect(verdict(ready)).to_contain_text(LIVE)
    ready.mouse.up()
    expect(verdict(ready)).to_contain_text("The server cannot be reached")
    assert states(ready) == ["waiting", "waiting", "waiting", "answered", "answered"]
    expect(readings(ready, "server")).to_have_text(["–", "–", "–"])
    console_errors.clear()


def test_clearing_in_the_middle_of_a_stroke_leaves_nothing_of_it(ready: Page) -> None:
    draw(ready, DIGITS[7], lifted=False)
    expect(verdict(ready)).to_contain_text("Reading along")
    ready.locator(".st-key-clear button").evaluate("(button) => button.click()")
    ready.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")
    expect(verdict(ready)).to_contain_text("Draw a digit.")
    assert states(ready) == ["waiting"] * 5


def test_another_page_in_the_middle_of_a_stroke_is_shown_as_ever(ready: Page) -> None:
    draw(ready, DIGITS[7], lifted=False)
    expect(verdict(ready)).to_contain_text("Reading along")
    ready.get_by_role("link", name="Inspect").evaluate("(link) => link.click()")
    expect(ready.locator(".dp-studio")).to_have_count(0)
    ready.mouse.up()
    ready.get_by_role("link", name="Draw").click()
    expect(verdict(ready)).to_contain_text("All five")
