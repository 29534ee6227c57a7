"""Other runtimes on the visitor's device, in a real Chromium, with engines that are planted."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Worker, expect

from models.convert.setup import prepared
from models.formats import store
from models.runtimes.browser import conversion
from models.runtimes.browser.conversion import Made
from models.tfjs import failures
from models.tfjs.alternatives import packages
from tests.e2e import access
from tests.e2e.states import pages as states
from tests.support import servers
from tests.support.drawing import PATIENT
from tests.support.waiting import until

# An engine that looks its answers up in what stands in for a model, and spoils them at {at}.
ENGINE = """
const numbers = async (name) => new Float32Array(await (await fetch(name)).arrayBuffer());
export async function open({{ model }}) {{
  const [inputs, answers] = [await numbers('input0'), await numbers(model)];
  let asked = 0;
  const row = (values) => {{
    let at = 0;
    while (!values.every((each, place) => each === inputs[784 * at + place])) at += 1;
    return answers.slice(10 * at, 10 * at + 10);
  }};
  async function answer([{{ values }}], n) {{
    asked += 1;
    const found = new Float32Array(10 * n);
    for (let at = 0; at < n; at += 1)
      found.set(row(values.subarray(784 * at, 784 * at + 784)), 10 * at);
    if ({at}) found[1] = {wrong};
    return {{ outputs: [{{ shape: [n, 10], values: found }}], ms: 0.5 }};
  }}
  return {{ loadMs: 1, about: {{}}, alive: () => null, dispose: () => {{}}, answer }};
}}
"""
# Streamlit's command, which finds the planted folder where the operator's would be.
COMMAND = """
import sys
from pathlib import Path
from models.storage import locations
planted = Path({folder!r})
locations.alternatives = lambda: planted
from streamlit.web import cli
sys.argv = ["streamlit", "run", *sys.argv[1:]]
cli.main()
"""
PART = "benchmark-beyond"
BUTTON = "Run them on this device"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `digit-parity setup alternatives` makes, with planted engines and files."""
    folder = tmp_path_factory.mktemp("planted") / "alternatives"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packages, "folder", lambda: folder)

        def built(command: list[str], *_: object) -> None:
            if "build.js" in command:
                out = Path(command[-1])
                out.mkdir()
                shutil.copy(packages.JAVASCRIPT / "src" / "measured.js", out)
                plant(out, "litert.js", "false", "0")
                plant(out, "onnx_wasm.js", "asked > 1", "NaN")

        patch.setattr(failures, "run", built)
        packages.install(lambda python: python.mkdir())

        def convert(_manifest: object, _folder: object, out: Path) -> tuple[Made, ...]:
            made = [out / f"model.{kind}" for kind in conversion.KINDS]
            for path in made:
                path.write_bytes(b"")
            return tuple(map(Made, conversion.KINDS, made))

        patch.setattr(conversion, "convert", convert)
        assert prepared.prepare(store.DEFAULT) is None
        found = prepared.find(store.DEFAULT)
        for kind in conversion.KINDS:
            (found.folder / f"model.{kind}").write_bytes(found.reference.answers[0].tobytes())
    return folder


def plant(out: Path, name: str, at: str, wrong: str) -> None:
    (out / name).write_text(ENGINE.format(at=at, wrong=wrong))


@pytest.fixture(scope="module")
def planted(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    code = COMMAND.format(folder=str(folder))
    log = tmp_path_factory.mktemp("log") / "server.log"
    with servers.serving(log=log, command=(sys.executable, "-c", code)) as url:
        yield url


def test_lanes_are_judged_on_this_device_and_nothing_is_fetched_before(
    page: Page, planted: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{planted}/benchmark")
    states.unfold(page, PART)
    button = page.get_by_role("button", name=BUTTON)
    part = page.locator(f".st-key-{PART}")
    expect(part).to_contain_text("Your browser then fetches", timeout=PATIENT)
    assert [each for each in asked if "served/alternatives" in each or "runner" in each] == []
    button.click()
    expect(part).to_contain_text("32 inputs, one thread. WebGPU was not asked.", timeout=PATIENT)
    table = part.get_by_role("table").first
    rows = {
        row.get_by_role("rowheader").inner_text(): row.get_by_role("cell").all_inner_texts()
        for row in table.get_by_role("row").all()[1:]
    }
    assert rows["TensorFlow.js graph on wasm"][-1] == "passed"
    assert rows["TensorFlow.js layers on wasm"][-1] == "passed"
    assert rows["LiteRT.js on wasm"][1] == "0.5 ms" and rows["LiteRT.js on wasm"][-1] == "passed"
    assert rows["ONNX Runtime Web on wasm"][-1].startswith("differs")
    said = part.get_by_role("list").first
    expect(said).to_contain_text("LiteRT.js on wasm: 0.5 ms")
    expect(said).to_contain_text("ONNX Runtime Web answers differently on wasm: It gives NaN")
    expect(said).to_contain_text("LiteRT.js on wasm keep your model.")
    expect(button).to_be_enabled()
    assert access.violations(page, f".st-key-{PART}") == []
    assert json.dumps([each for each in asked if "/litert.js" in each]) != "[]"


def ends_with(page: Page, button: Locator, leave: Callable[[], None]) -> None:
    """The worker of LiteRT.js ends once the visitor does this."""
    with page.expect_event("worker", lambda each: "/mnist/3/" in each.url) as started:
        button.click()
    ended: list[Worker] = []

    def note(worker: Worker) -> None:
        ended.append(worker)

    started.value.on("close", note)
    leave()
    until(lambda: page.evaluate("true") and ended, lambda: "the worker goes on")
    assert len(ended) == 1


def test_cancel_and_leaving_the_page_end_the_worker(page: Page, planted: str, folder: Path) -> None:
    endless = folder / "dist" / "litert.js"
    before = endless.read_text()
    endless.write_text("export const open = () => new Promise(() => {});")
    endless.with_name("litert.js.gz").unlink()
    try:
        page.goto(f"{planted}/benchmark")
        states.unfold(page, PART)
        button = page.get_by_role("button", name=BUTTON)
        ends_with(page, button, page.get_by_role("button", name="Cancel").click)
        ends_with(page, button, page.get_by_role("link", name="Inspect").first.click)
    finally:
        endless.write_text(before)
