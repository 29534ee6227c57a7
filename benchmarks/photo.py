"""``python -m benchmarks.photo``: a model of photos of 224×224×3, as large as MobileNetV2.

Keras makes it, with weights of its own random numbers. `add` and `verify` on a hundred pictures are
commands in a process of their own. In Chromium, tabs load the same files by our bundle and by
TensorFlow.js called directly, in turns: the time from the first script to the first answer, and
that of a picture after it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser

from benchmarks import report
from benchmarks.browser_engines import PEERS, TFJS, serving
from benchmarks.report import Figure
from models.formats import manifest as manifests
from models.parity.timing import median
from models.runtimes.process.log_filter import quiet
from tests.support import chromium

SIDE, PICTURES = 224, 100
ADD_SECONDS, VERIFY_SECONDS = 90.0, 60.0  # goals on two processors
NAME = "photo"


def make(path: Path) -> int:
    """Save a network as large as MobileNetV2, whose answers differ from picture to picture, as
    ``path``; returns how many weights it has.
    """
    quiet()
    import tf_keras

    tf_keras.utils.set_random_seed(1)
    shape = (SIDE, SIDE, 3)
    body = tf_keras.applications.MobileNetV2(shape, weights=None, include_top=False, pooling="avg")
    start = tf_keras.layers.Input(shape)
    scaled = tf_keras.layers.Rescaling(1 / 127.5, offset=-1)(start)
    head = tf_keras.layers.Dense(1000, "softmax")
    model = tf_keras.Model(start, head(body(scaled)))
    features = body(photos()[:8] / 127.5 - 1, training=False).numpy()
    kernel = head.get_weights()[0]
    factor = 2 / np.std((features - features.mean(axis=0)) @ kernel)
    head.set_weights([kernel * factor, -factor * features.mean(axis=0) @ kernel])
    model.save(path, include_optimizer=False)
    return int(model.count_params())


def timed(*arguments: str) -> float:
    """Seconds that a command of ours takes. Raises CalledProcessError where it fails."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-m", *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def photos() -> np.ndarray:
    """A hundred pictures of areas, (100, 224, 224, 3) uint8."""
    areas = np.random.default_rng(3).integers(0, 256, (PICTURES, 7, 7, 3), np.uint8)
    return areas.repeat(SIDE // 7, 1).repeat(SIDE // 7, 2)


def gate(folder: Path) -> list[Figure]:
    """Adding the model, and verifying it on pictures, without plain JavaScript."""
    model, data = folder / "photo.h5", folder / "photos.npz"
    weights = make(model)
    np.savez_compressed(data, x_test=photos())
    os.environ["DIGIT_PARITY_MODELS"] = str(folder / "models")
    added = timed("models.add", NAME, str(model))
    on = [word for each in ("tensorflow", "tfjs/wasm") for word in ("--runtime", each)]
    verified = timed("models.verify", NAME, "--data", str(data), *on)
    what = f"{SIDE}×{SIDE}×3, {weights / 1e6:.1f} M weights"
    return [
        Figure(f"add, {what}", f"{added:.0f} s", "", added, " s", goal=ADD_SECONDS),
        Figure(
            f"verify on {PICTURES} pictures, without plain JavaScript",
            f"{verified:.0f} s",
            "",
            verified,
            " s",
            goal=VERIFY_SECONDS,
        ),
    ]


def tab(browser: Browser, url: str, way: str, form: str, plan: dict[str, Any]) -> dict[str, Any]:
    """What photo.js measured in a new tab of a profile of its own."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(600_000)
    page.goto(f"{url}/index.html")
    page.wait_for_function("window.photo")
    found: dict[str, Any] = page.evaluate(
        "([way, form, plan]) => photo.measure(way, form, plan)", [way, form, plan]
    )
    context.close()
    return found


def in_the_page(folder: Path, rounds: int) -> list[Figure]:
    """Ours beside TensorFlow.js called directly, for both formats."""
    model = folder / "models" / NAME
    entry = json.loads((TFJS / "dist" / "version.json").read_text("utf-8"))["entry"]
    plan = {
        "entry": f"/bundle/{entry}",
        "input": manifests.read(model).pictures().stored(),
        "side": SIDE,
        "times": 10,
    }
    page = folder / "page"
    page.mkdir()
    code = "import * as photo from '/js/photo.js'; window.photo = photo;"
    html = f"<!doctype html><body><script type=module>{code}</script></body>"
    (page / "index.html").write_text(html, "utf-8")
    files = {"": page, "/model/": model, "/bundle/": TFJS / "dist", "/js/": PEERS}
    files |= {"/node_modules/": TFJS / "node_modules"}
    rows: list[Figure] = []
    with serving(files, {}) as url, chromium.launched() as browser:
        for form in ("graph", "layers"):
            found: dict[str, list[dict[str, Any]]] = {"ours": [], "bare": []}
            for number in range(rounds):
                for way in ("ours", "bare") if number % 2 else ("bare", "ours"):
                    found[way].append(tab(browser, url, way, form, plan))
            rows += compare(form, found["ours"], found["bare"])
    return rows


def compare(
    form: str, ours: Sequence[dict[str, Any]], bare: Sequence[dict[str, Any]]
) -> list[Figure]:
    """The figures of one format. Raises AssertionError where the two answer otherwise."""
    far = float(np.abs(np.subtract(ours[0]["answer"], bare[0]["answer"])).max())
    if far > 1e-4:
        raise AssertionError(f"{form}: ours differs from TensorFlow.js itself by {far:.1e}.")
    first = [median([each["first"] for each in side]) for side in (ours, bare)]
    one = [median([ms for each in side for ms in each["one"]]) for side in (ours, bare)]
    rows = (("first answer, from the first script", first, 1.3), ("one picture, p50", one, 1.1))
    return [
        Figure(
            f"{form} @ wasm, {what}",
            f"{mine:,.0f} ms",
            f"{peer:,.0f} ms, TensorFlow.js called directly",
            mine / peer,
            goal=goal,
        )
        for what, (mine, peer), goal in rows
    ]


def main() -> None:
    """Make the model, time the commands and the page, print."""
    parser = argparse.ArgumentParser("python -m benchmarks.photo", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="tabs of each kind")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        report.show(gate(Path(temporary)))
        report.show(in_the_page(Path(temporary), options.rounds))


if __name__ == "__main__":
    main()
