"""Two models: the picker stands beside what is read, not on it, and shows what a model takes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from models.formats import manifest
from models.formats.store import SHIPPED
from tests.support.drawing import PATIENT, verdict, wait_until_settled
from tests.support.servers import serving


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app with the shipped model, and with the same under another name."""
    models = tmp_path_factory.mktemp("models")
    for name in ("mnist", "second"):
        shutil.copytree(SHIPPED, models / name)
    second = replace(manifest.read(models / "second"), name="second", title="A second model")
    manifest.write(second, models / "second")
    with serving(log=models / "log.txt", DIGIT_PARITY_MODELS=str(models)) as address:
        yield address


# Of one moment in which the picker is there: a page that runs again puts others in their places.
COVERED = """() => {
  const boxOf = (each) => each.getBoundingClientRect();
  const there = document.querySelector('.st-key-models [data-testid=stSelectbox]');
  const picker = there && boxOf(there);
  if (!picker?.width) return null;
  const isUnder = (box) =>
    box.width > 0 &&
    Math.min(box.right, picker.right) > Math.max(box.left, picker.left) + 1 &&
    Math.min(box.bottom, picker.bottom) > Math.max(box.top, picker.top) + 1;
  const others = document.querySelectorAll('h1, a[href], [data-testid=stMainMenu]');
  const covered = [...others].filter((each) => isUnder(boxOf(each)));
  const isOnPage = picker.left >= 0 && picker.right <= window.innerWidth;
  return { covered: covered.map((each) => each.textContent), isOnPage };
}"""

# How often the picker was there and is there no more.
WATCH = """
window.gone = 0;
let wasThere = false;
new MutationObserver(() => {
  const isThere = document.querySelector('.st-key-models [data-testid=stSelectbox]') !== null;
  if (wasThere && !isThere) window.gone += 1;
  wasThere = isThere;
}).observe(document, {childList: true, subtree: true});
"""


@pytest.mark.parametrize("width", [1440, 1366, 1024, 768, 390])
@pytest.mark.parametrize("path", ["", "upload", "inspect"])
def test_the_picker_covers_nothing(page: Page, two: str, width: int, path: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{two}/{path}")
    picker = page.locator(".st-key-models [data-testid=stSelectbox]")
    expect(picker).to_be_visible(timeout=PATIENT)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_be_visible(timeout=PATIENT)
    wait_until_settled(page)
    found = page.wait_for_function(COVERED).json_value()
    assert found == {"covered": [], "isOnPage": True}


def test_a_model_is_picked_by_its_name_beside_its_picture(page: Page, two: str) -> None:
    page.goto(two)
    expect(verdict(page)).to_contain_text("All five", timeout=PATIENT)
    expect(page.locator(".st-key-models img.dp-example")).to_be_visible()
    picker = page.locator(".st-key-models [role=combobox]")
    picker.click()
    ring = picker.locator("xpath=ancestor::*[@role='group']")
    expect(ring).to_have_css("outline-style", "solid")
    expect(picker).to_have_css("outline-style", "none")
    page.get_by_role("option", name="A second model").click()
    expect(verdict(page)).to_contain_text("All five", timeout=PATIENT)
    page.wait_for_url("**/?model=second*")


def test_the_picker_stays_while_the_page_runs_again(page: Page, two: str) -> None:
    page.add_init_script(WATCH)
    for model in ("mnist", "second"):
        page.goto(f"{two}/inspect?model={model}")
        expect(verdict(page)).to_contain_text("All 4 other versions answer", timeout=PATIENT)
        wait_until_settled(page)
        assert page.evaluate("gone") == 0
