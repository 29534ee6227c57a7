"""Whole test sets in Chromium: TensorFlow.js and TensorFlow read the same digits."""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from app.session import ready
from app.upload.results import downloads
from tests.support import dataset_files as files
from tests.support.drawing import PATIENT, open_page, wait_until_settled
from tests.support.waiting import until


@pytest.fixture
def upload(page: Page, server: str) -> Page:
    """The Upload page, opened from the Draw page."""
    open_page(page, server)
    page.get_by_role("link", name="Upload").click()
    expect(headline(page)).to_contain_text("Example: ", timeout=PATIENT)
    return page


@pytest.fixture(scope="module")
def examples_zip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("upload") / "digits.zip"
    path.write_bytes(downloads.pictures_zip(ready.pictures("mnist"), tuple("0123456789")))
    return path


def headline(page: Page) -> Locator:
    return page.locator(".dp-headline")


def open_part(page: Page, title: str) -> None:
    wait_until_settled(page)  # a part that is clicked while it is made anew stays folded
    page.locator(".st-key-upload-details summary", has_text=title).click()


def send(page: Page, *paths: Path) -> None:
    # The Draw page, which may be on its way out, has a place for a picture.
    page.locator("[data-testid=stFileUploader] input").set_input_files(list(paths))


def run(page: Page) -> None:
    page.locator(".st-key-upload-run button").click()


def report(page: Page, tmp_path: Path) -> dict:
    button = page.get_by_role("button", name="Report as JSON")
    expect(button).to_be_visible(timeout=PATIENT)
    with page.expect_download() as download:
        button.click()
    download.value.save_as(tmp_path / "report.json")
    return json.loads((tmp_path / "report.json").read_text())


def test_a_zip_of_100_digits_is_read_alike_by_five_lanes(
    upload: Page, examples_zip, tmp_path
) -> None:
    send(upload, examples_zip)
    expect(headline(upload)).to_contain_text("100 with a label: 100 from the folder")
    run(upload)
    result = report(upload, tmp_path)
    assert [(lane["format"], lane["images"], lane["error"]) for lane in result["lanes"]] == [
        (form, 100, None) for form in ("keras", "graph", "layers", "graph", "layers")
    ]
    assert all(lane["runtime"] == "tfjs/wasm" for lane in result["lanes"][3:])
    assert all(pair["images"] == 100 and pair["max_abs_diff"] < 1e-5 for pair in result["pairs"])
    assert len(result["pairs"]) == 10
    assert all(lane["accuracy"] > 0.9 for lane in result["lanes"])
    expect(headline(upload)).to_contain_text("right with all formats; they never disagree.")


PROCESSORS = "Object.defineProperty(navigator, 'hardwareConcurrency', {get: () => %d})"
OTHER_WEB_WORKERS = """const Own = Worker;
window.Worker = class extends Own {
  constructor(url, options) {
    super(String(url).includes('web_worker') ? URL.createObjectURL(
      new Blob(["%s"], {type: 'text/javascript'})) : url, options);
  }
};
undefined"""


@pytest.mark.parametrize(
    ("script", "images", "web_workers"),
    [
        (PROCESSORS % 1, 1_200, 1),
        (PROCESSORS % 2, 1_200, 2),
        (PROCESSORS % 8, 1_200, 3),
        (PROCESSORS % 8, 100, 1),
        (OTHER_WEB_WORKERS % "postMessage('unable')", 1_200, 0),
    ],
    ids=[
        "one processor",
        "two",
        "as many as pay off",
        "a small set",
        "a backend that needs the page",
    ],
)
def test_lanes_compute_in_web_workers_by_processors_or_else_in_the_page(
    upload: Page, tmp_path: Path, script: str, images: int, web_workers: int
) -> None:
    upload.evaluate(script)
    path = tmp_path / "noise.npz"
    path.write_bytes(files.npz(x=files.digits(images)))
    urls: list[str] = []
    upload.on("worker", lambda worker: urls.append(worker.url))
    send(upload, path)
    run(upload)
    result = report(upload, tmp_path)
    assert [(lane["images"], lane["error"]) for lane in result["lanes"]] == [(images, None)] * 5
    assert all(pair["max_abs_diff"] < 1e-5 for pair in result["pairs"])
    assert sum("web_worker" in url for url in urls) == web_workers


def test_a_format_that_cannot_be_loaded_says_why_and_the_other_one_goes_on(
    upload: Page, tmp_path: Path
) -> None:
    upload.evaluate(PROCESSORS % 2)
    upload.route(
        "**/model_layers/model.json",
        lambda route: route.fulfill(content_type="application/json", body="{}"),
    )
    path = tmp_path / "noise.npz"
    path.write_bytes(files.npz(x=files.digits(1_200)))
    send(upload, path)
    run(upload)
    graph, layers = report(upload, tmp_path)["lanes"][3:]
    assert (graph["format"], graph["images"], graph["error"]) == ("graph", 1_200, None)
    assert layers["images"] == 0
    assert "The layers model (model_layers/model.json) could not be loaded" in layers["error"]


def test_a_web_worker_that_breaks_off_says_so_and_the_run_ends(
    upload: Page, tmp_path: Path
) -> None:
    upload.evaluate(PROCESSORS % 1)
    upload.evaluate(OTHER_WEB_WORKERS % "postMessage('next'); onmessage = () => { lost(); };")
    upload.get_by_role("button", name="Run 100 ready digits").click()
    errors = [lane["error"] for lane in report(upload, tmp_path)["lanes"]]
    assert errors[:3] == [None] * 3
    assert all(
        "A thread of the browser broke off" in each and "lost" in each for each in errors[3:]
    )


def test_the_example_digits_run_with_one_click_and_link_to_the_draw_page(upload: Page) -> None:
    upload.get_by_role("button", name="Run 100 ready digits").click()
    expect(upload.get_by_role("button", name="Report as HTML")).to_be_visible(timeout=PATIENT)
    open_part(upload, "Every picture")
    table = upload.locator("[data-testid=stDataFrame]").last
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box
    upload.mouse.click(box["x"] + 200, box["y"] + 100)  # the second image; cells are a canvas
    picture = upload.locator(".dp-picture")
    expect(picture).to_contain_text("[1]")
    expect(upload.locator(".dp-read tbody tr")).to_have_count(5)
    with upload.context.expect_page() as opened:
        upload.get_by_role("link", name="on the Draw page").click()
    headline = opened.value.locator(".dp-headline")
    expect(headline).to_contain_text("All five read 0", timeout=PATIENT)
    expect(upload.get_by_role("button", name="Report as HTML")).to_be_visible()


def test_a_report_that_was_saved_opens_by_drop_and_a_row_by_keyboard(
    upload: Page, tmp_path: Path
) -> None:
    upload.get_by_role("button", name="Run 100 ready digits").click()
    report(upload, tmp_path)
    said = headline(upload).text_content() or ""
    send(upload, tmp_path / "report.json")
    detail = upload.locator(".dp-detail")
    expect(detail).to_contain_text("A saved report of 100 images", timeout=PATIENT)
    expect(headline(upload)).to_have_text(said)
    open_part(upload, "Every picture")
    expect(upload.locator(".dp-picture img")).to_be_visible()
    wait_until_settled(upload)

    def picked() -> bool:
        """A run of the page closes an open list."""
        upload.get_by_role("combobox", name="Picture").focus()
        for key in ("ArrowDown", "ArrowDown", "Enter"):
            upload.keyboard.press(key)
        wait_until_settled(upload)
        return "[0]" not in (upload.locator(".dp-picture").text_content() or "")

    until(picked, lambda: "The keyboard never picked another picture.", 60)


def test_what_is_dropped_on_the_words_arrives(upload: Page, tmp_path: Path) -> None:
    words, place = upload.locator(".dp-drop-here"), upload.get_by_test_id("stFileUploaderDropzone")
    expect(place).to_be_visible()
    box = words.bounding_box()
    assert box
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 30}
    under = "({x, y}) => document.elementFromPoint(x, y).closest('[data-testid]').dataset.testid"
    assert upload.evaluate(under, at) == "stFileUploaderDropzone"


@pytest.mark.parametrize("width, first", [(390, True), (1366, False)])
def test_a_phone_shows_the_answer_before_the_controls(
    upload: Page, width: int, first: bool
) -> None:
    upload.set_viewport_size({"width": width, "height": 800})
    answer, place = headline(upload).bounding_box(), upload.locator(".dp-drop-here").bounding_box()
    assert answer and place
    assert (answer["y"] + 100 < place["y"]) is first
    assert upload.evaluate("document.querySelector('.stMain').scrollWidth") <= width


def test_a_stopped_run_keeps_what_is_done(upload: Page, tmp_path: Path) -> None:
    path = tmp_path / "noise.npz"
    path.write_bytes(files.npz(x=files.digits(6_000)))
    send(upload, path)
    run(upload)
    counts = upload.locator(".dp-count")
    expect(counts.filter(has_not_text="0 of 6,000").first).to_be_visible(timeout=PATIENT)
    upload.get_by_role("button", name="Stop and keep what is done").click()
    result = report(upload, tmp_path)
    done = [lane["images"] for lane in result["lanes"]]
    assert max(done) > 0 and sum(done) < 5 * 6_000
    read = result["digits"]["lanes"]["keras @ tensorflow"]["read"]
    assert np.sum([each is not None for each in read]) == done[0]


def test_a_bad_file_is_listed(upload: Page, tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.png", tmp_path / "7_good.png"
    bad.write_bytes(b"This is text.")
    good.write_bytes(files.picture())
    send(upload, bad, good)
    expect(headline(upload)).to_contain_text("1 image, 1 with a label")
    expect(upload.locator(".dp-detail")).to_contain_text("1 file left out")
    open_part(upload, "1 file left out")
    expect(upload.get_by_role("cell", name="bad.png")).to_be_visible()


def test_a_chart_of_a_few_images_counts_in_whole_images(upload: Page, tmp_path: Path) -> None:
    paths = [tmp_path / f"7_{number}.png" for number in range(3)]
    for path in paths:
        path.write_bytes(files.picture())
    send(upload, *paths)
    run(upload)
    report(upload, tmp_path)
    open_part(upload, "How far they differ")
    axis = upload.locator("svg.marks", has_text="images, square root scale").first
    counts = axis.locator(".role-axis-label").last.locator("text")
    expect(counts).to_have_text(["0", "1", "2", "3"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a folder for each of two digits, and what a Mac leaves beside them."""
    for digit in (3, 7):
        (tmp_path / "digits" / str(digit)).mkdir(parents=True)
        (tmp_path / "digits" / str(digit) / "a.png").write_bytes(files.picture())
    (tmp_path / "digits" / ".DS_Store").write_bytes(b"Bud1")
    return tmp_path / "digits"


def test_a_folder_that_is_chosen_labels_its_pictures(upload: Page, folder: Path) -> None:
    upload.locator(".st-key-upload-files-kind").get_by_text("A folder").click()
    chooser = upload.locator("input[type=file][webkitdirectory]")
    expect(chooser).to_be_attached()
    chooser.set_input_files(folder)
    expect(headline(upload)).to_contain_text("2 images, 2 with a label: 2 from the folder")
    expect(upload.get_by_text("left out")).to_have_count(0)


def test_a_folder_that_is_dropped_labels_its_pictures(upload: Page, folder: Path) -> None:
    zone = upload.get_by_test_id("stFileUploaderDropzone")
    box = zone.bounding_box()
    assert box
    devtools = upload.context.new_cdp_session(upload)
    dragged = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
    at = {"x": box["x"] + 20, "y": box["y"] + box["height"] / 2, "data": dragged}
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": kind, **at})
    expect(headline(upload)).to_contain_text("2 images, 2 with a label: 2 from the folder")


def test_the_picker_offers_what_can_be_read(upload: Page) -> None:
    upload.wait_for_load_state("networkidle")  # what the page adds to Streamlit's picker is there
    with upload.expect_file_chooser() as opened:
        upload.locator("[data-testid=stFileUploaderDropzone] button").click()
    kinds = opened.value.element.get_attribute("accept")
    assert {".png", ".zip", ".csv", ".npz", ".json"} <= set((kinds or "").split(","))
    assert opened.value.is_multiple()


def test_black_on_white_is_said_and_one_click_mends_it_without_another_upload(
    upload: Page, tmp_path: Path
) -> None:
    examples = ready.pictures("mnist")
    path = tmp_path / "inverted.npz"
    path.write_bytes(files.npz(x=255 - examples.stored, y=examples.labels))
    sent: list[str] = []
    upload.on(
        "request", lambda asked: sent.append(asked.url) if "upload_file" in asked.url else None
    )
    send(upload, path)
    expect(upload.get_by_text("The pixel data seems to be black on white")).to_be_visible(
        timeout=PATIENT
    )
    uploads = len(sent)
    assert uploads
    upload.get_by_role("button", name="Take it inverted").click()
    expect(upload.get_by_text("Pixel data is taken inverted")).to_be_visible()
    run(upload)
    accuracy = [lane["accuracy"] for lane in report(upload, tmp_path)["lanes"]]
    assert min(accuracy) > 0.9 and len(sent) == uploads


def held_bytes(server: str) -> int:
    """Bytes of all visitors' files that the server holds."""
    with urllib.request.urlopen(
        f"{server}/_stcore/metrics?families=cache_memory_bytes"
    ) as response:
        metrics = response.read().decode()
    match = re.search(r'cache_type="UploadedFileManager"[^}]*\} (\d+)', metrics)
    return int(match[1]) if match else 0


def wait_for_held(server: str, size: int, *, there: bool) -> None:
    """Wait until a file of that size, larger than all others, is held or freed.

    The server's figure is some seconds old, and other tests' visitors free theirs meanwhile.
    """
    until(
        lambda: (held_bytes(server) >= size) == there,
        lambda: f"{held_bytes(server)} bytes are held after 30 s; the file has {size}",
    )


def test_files_are_freed_when_the_page_is_left(upload: Page, tmp_path: Path, server: str) -> None:
    path = tmp_path / "largest.npz"
    path.write_bytes(files.npz(x=files.digits(15_000)))
    send(upload, path)
    expect(headline(upload)).to_contain_text("15,000 images")
    wait_for_held(server, path.stat().st_size, there=True)
    upload.get_by_role("link", name="Draw").click()
    wait_for_held(server, path.stat().st_size, there=False)
    upload.get_by_role("link", name="Upload").click()
    expect(headline(upload)).to_contain_text("Example: ")


@pytest.fixture(scope="module")
def slow_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Minutes of work: twenty thousand pictures that are nothing but grain."""
    path = tmp_path_factory.mktemp("slow") / "slow.npz"
    grain = np.random.default_rng(0).integers(0, 2, (20_000, 64, 64), np.uint8)
    path.write_bytes(files.npz(x=grain))
    return path


@pytest.mark.parametrize("how", ["the tab is closed", "another page is opened", "a file is added"])
def test_a_set_waits_for_another_until_that_ones_visitor_leaves_it(
    upload: Page, context: BrowserContext, server: str, slow_set: Path, tmp_path: Path, how: str
) -> None:
    seven = tmp_path / "7_a.png"
    seven.write_bytes(files.picture())
    send(upload, slow_set)
    expect(upload.get_by_text("images read").first).to_be_visible(timeout=PATIENT)
    other = context.new_page()
    open_page(other, server)
    other.get_by_role("link", name="Upload").click()
    send(other, seven)
    expect(other.get_by_text("1 set before yours").first).to_be_visible(timeout=PATIENT)
    if how == "the tab is closed":
        upload.close()
    elif how == "another page is opened":
        upload.get_by_role("link", name="Draw").click()
    else:
        send(upload, seven)
    expect(headline(other)).to_contain_text("1 image, 1 with a label", timeout=20_000)
    other.close()
