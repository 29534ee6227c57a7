"""A picture in place of a drawing: chosen, dropped, pasted or taken, for digits and in colour."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from models.convert import conversion
from models.formats import manifest
from models.formats.model_input import Input
from tests.support import weight_faults as faults
from tests.support.drawing import PATIENT, verdict
from tests.support.servers import serving

CLASSES = ("a boat", "a house")  # one of two is always likely enough
# Sends the page an event with a file: paste, dragover or drop.
EVENT = """async ([type, content, kind]) => {
  const answer = await fetch(`data:${kind};base64,${content}`);
  const data = new DataTransfer();
  data.items.add(new File([await answer.blob()], 'given', { type: kind }));
  const init = { bubbles: true, cancelable: true };
  const event = type === 'paste' ? new ClipboardEvent(type, { ...init, clipboardData: data })
    : new DragEvent(type, { ...init, dataTransfer: data });
  document.dispatchEvent(event);
}"""
# A camera that sees a dark 1 on white paper, and counts its streams that run.
CAMERA = """
window.streams = [];
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [640, 480];
  const pen = canvas.getContext('2d');
  const draw = () => {
    pen.fillStyle = '#fff'; pen.fillRect(0, 0, 640, 480);
    pen.fillStyle = '#222'; pen.fillRect(300, 90, 40, 300);
    requestAnimationFrame(draw);
  };
  draw();
  const stream = canvas.captureStream();
  window.streams.push(stream);
  return stream;
};
window.running = () => window.streams.filter((each) => each.active).length;
"""
REFUSED = """
navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
void 0; // a function would be called
"""


@pytest.fixture(scope="module")
def things(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app whose one model takes 32×32 in colour, from −1 to 1."""
    from tf_keras import Sequential, layers

    models = tmp_path_factory.mktemp("models")
    folder = models / "things"
    folder.mkdir()
    parts = [layers.Conv2D(4, 3, activation="relu"), layers.GlobalAveragePooling2D()]
    end = layers.Dense(2, activation="softmax")
    model = Sequential([layers.Input((32, 32, 3)), *parts, end])
    faults.scattered(model).save(folder / conversion.KERAS_FILE)
    taken = Input((32, 32, 3), (2.0,), (-1.0,), fit="cover", framing="none")
    made = replace(conversion.convert(folder), classes=CLASSES, input=taken)
    manifest.write(made, folder)
    with serving(log=models / "log.txt", DIGIT_PARITY_MODELS=str(models)) as address:
        yield address


def png(seed: int) -> bytes:
    """A picture that is wider than high, with coloured areas."""
    areas = np.random.default_rng(seed).integers(0, 256, (3, 5, 3), np.uint8)
    return saved(Image.fromarray(areas.repeat(40, 0).repeat(40, 1)))


def one(width: int = 90) -> bytes:
    """A dark 1 on white paper."""
    picture = Image.new("L", (width, 120), 255)
    picture.paste(30, (width // 2 - 5, 20, width // 2 + 5, 100))
    return saved(picture)


def saved(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def shown(page: Page) -> Image.Image:
    """The very pixels that every version is given."""
    url = page.locator(".dp-pixels img").get_attribute("src") or ""
    return Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))


def send(page: Page, event: str, content: bytes, kind: str = "image/png") -> None:
    page.evaluate(EVENT, [event, base64.b64encode(content).decode(), kind])


def choose(page: Page, content: bytes, kind: str = "image/png") -> None:
    chosen = {"name": "chosen.png", "mimeType": kind, "buffer": content}
    page.get_by_label("Choose a picture").set_input_files(chosen)


def problem(page: Page) -> Locator:
    return page.locator(".dp-problem")


def test_a_colour_picture_is_read_whether_it_is_chosen_or_pasted(page: Page, things: str) -> None:
    page.goto(f"{things}/?backend=wasm")
    expect(verdict(page)).to_contain_text("Give it a picture.", timeout=PATIENT)
    choose(page, png(1))
    expect(page.locator(".dp-lanes tr[data-state=answered]")).to_have_count(5, timeout=PATIENT)
    picture = shown(page).convert("RGB")
    assert picture.size == (32, 32)
    assert max(high - low for low, high in picture.getextrema()) > 50, "the very input, in colour"
    send(page, "paste", png(2))
    expect(page.locator(".dp-pixels img")).not_to_have_attribute(
        "src", "data:image/png;base64," + base64.b64encode(saved(picture)).decode()
    )
    expect(page.locator(".dp-lanes tr[data-state=answered]")).to_have_count(5, timeout=PATIENT)
    assert "digit=" not in page.url, "a link has no room for it"


def test_a_model_without_a_pad_begins_without_one(page: Page, things: str) -> None:
    page.add_init_script(
        "window.pads = 0; new MutationObserver(() => {"
        "  const pad = document.querySelector('.dp-pad');"
        "  if (pad && pad.getClientRects().length) window.pads += 1;"
        "}).observe(document, {childList: true, subtree: true, attributes: true});"
    )
    page.goto(things)
    expect(verdict(page)).to_contain_text("Give it a picture.", timeout=PATIENT)
    assert page.evaluate("pads") == 0, "what is there first and goes makes the page jump"


@pytest.mark.parametrize("way", ["choose", "paste", "drop"])
def test_a_picture_of_a_digit_is_framed_and_read(ready: Page, way: str) -> None:
    choose(ready, one()) if way == "choose" else send(ready, way, one())
    expect(verdict(ready)).to_contain_text("read 1", timeout=PATIENT)
    assert shown(ready).size == (28, 28)
    expect(ready.locator(".dp-picture-label")).to_have_text("Your picture")
    expect(ready.locator(".dp-progress")).to_have_text("")


def test_a_file_that_is_held_over_the_page_can_be_dropped(ready: Page) -> None:
    expect(ready.get_by_text("Drop the picture anywhere")).to_be_hidden()
    send(ready, "dragover", one())
    expect(ready.get_by_text("Drop the picture anywhere")).to_be_visible()
    send(ready, "drop", one())
    expect(ready.get_by_text("Drop the picture anywhere")).to_be_hidden()


def test_what_cannot_be_read_is_said_and_goes_with_the_next_picture(
    ready: Page, console_errors: list[str]
) -> None:
    choose(ready, b"no picture")
    expect(problem(ready)).to_contain_text("It holds text.")
    choose(ready, saved(Image.new("L", (50, 50), 255)))
    expect(problem(ready)).to_contain_text("one dark digit on light")
    choose(ready, b"a,b", "text/csv")
    expect(problem(ready)).to_contain_text("is no picture")
    expect(verdict(ready)).to_contain_text("read 7")
    choose(ready, one())
    expect(problem(ready)).to_have_text("")
    console_errors.clear()  # Chromium reports a refusal of the server as an error


def test_a_picture_that_is_too_large_is_not_sent(ready: Page) -> None:
    sent: list[str] = []
    ready.on("request", lambda request: sent.append(request.url))
    choose(ready, bytes(21_000_000))
    expect(problem(ready)).to_contain_text("21 MB; at most 20 are read")
    assert not any("/served/picture/" in url for url in sent)


def test_a_photograph_of_twenty_megabytes_freezes_nothing(ready: Page) -> None:
    noise = np.random.default_rng(1).integers(200, 256, (2_550, 2_600, 3), np.uint8)
    noise[600:1_900, 1_250:1_350] = 20
    photo = saved(Image.fromarray(noise))
    assert 12_000_000 < len(photo) < 20_000_000
    ready.evaluate(
        "() => { window.frames = 0; const tick = () => {"
        "  window.frames += 1; requestAnimationFrame(tick); }; tick(); }"
    )
    choose(ready, photo)
    expect(ready.locator(".dp-progress")).to_have_text("Reading chosen.png …")
    frames = ready.evaluate("frames")
    expect(ready.locator(".dp-picture-label")).to_have_text("Your picture", timeout=PATIENT)
    assert ready.evaluate("frames") > frames + 2, "the page goes on while it is read"


def test_the_camera_takes_a_picture_and_is_off_afterwards(ready: Page) -> None:
    ready.evaluate(CAMERA)
    ready.get_by_role("button", name="Take a picture with the camera").click()
    expect(ready.get_by_label("What the camera sees")).to_be_visible()
    ready.wait_for_function("running() === 1")
    ready.wait_for_function("document.querySelector('.dp-camera video').videoWidth > 0")
    ready.get_by_role("button", name="Take", exact=True).click()
    expect(verdict(ready)).to_contain_text("read 1", timeout=PATIENT)
    expect(ready.get_by_label("What the camera sees")).to_be_hidden()
    ready.wait_for_function("running() === 0")


def test_the_camera_is_off_when_its_view_or_the_page_is_left(ready: Page) -> None:
    ready.evaluate(CAMERA)
    camera = ready.get_by_role("button", name="Take a picture with the camera")
    camera.click()
    ready.get_by_role("button", name="Close").click()
    ready.wait_for_function("running() === 0")
    camera.click()
    expect(ready.get_by_label("What the camera sees")).to_be_visible()
    ready.get_by_role("link", name="Upload").click()
    ready.wait_for_function("running() === 0")
    assert ready.evaluate("streams.length") == 2


def test_a_camera_that_is_not_allowed_is_answered(ready: Page) -> None:
    ready.evaluate(REFUSED)
    ready.get_by_role("button", name="Take a picture with the camera").click()
    expect(problem(ready)).to_contain_text("The camera was not allowed.")


def test_our_header_lets_the_page_itself_use_the_camera(ready: Page) -> None:
    assert ready.evaluate("document.featurePolicy?.allowsFeature('camera') ?? true")
