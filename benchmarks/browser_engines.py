"""``python -m benchmarks.browser_engines``: the browser's lanes beside their peers, in one page.

The peers are TensorFlow.js, called directly by a bare page from its own builds on the same backend,
and ONNX Runtime Web with one thread. All take turns in shuffled order in one tab of Chromium. The
page is not isolated, so TensorFlow.js has one thread as well. ``--threads`` isolates it like the
app's page, and TensorFlow.js may use as many threads as it likes.

ONNX Runtime Web comes from ``benchmarks/peers`` (``make peers``); tf2onnx makes its model from the
same .h5. That peer is left out if they are not installed.
"""

from __future__ import annotations

import argparse
import http.server
import json
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser

from benchmarks import report
from benchmarks.report import Figure
from models.formats import manifest as manifests
from models.formats import store
from models.parity.timing import median, p95
from models.runtimes.process.log_filter import quiet
from tests.support import chromium
from tests.support.servers import ROOT

PEERS = ROOT / "benchmarks" / "peers"
TFJS = ROOT / "models" / "tfjs"
BATCH = 1_000
SCRIPTS = ("tfjs-core/dist/tf-core", "tfjs-converter/dist/tf-converter")
SCRIPTS += ("tfjs-layers/dist/tf-layers", "tfjs-backend-cpu/dist/tf-backend-cpu")
SCRIPTS += ("tfjs-backend-wasm/dist/tf-backend-wasm", "tfjs-backend-webgl/dist/tf-backend-webgl")
ISOLATED = {"Cross-Origin-Opener-Policy": "same-origin"}
ISOLATED["Cross-Origin-Embedder-Policy"] = "require-corp"


def onnx_model(folder: Path) -> bytes | None:
    """The model in ``folder`` for ONNX Runtime, or None if tf2onnx is not installed."""
    quiet()
    try:
        import tf2onnx
    except ImportError:
        return None
    import tensorflow as tf
    import tf_keras

    manifest = manifests.read(folder)
    model = tf_keras.models.load_model(folder / manifest.path("keras"), compile=False)
    spec = tf.TensorSpec((None, *manifest.input.shape), tf.float32, name="pixels")
    function = tf.function(lambda pixels: model(pixels, training=False), input_signature=[spec])
    proto, _ = tf2onnx.convert.from_function(function, input_signature=[spec], opset=13)
    content: bytes = proto.SerializeToString()
    return content


def pages(folder: Path, ways: Sequence[str]) -> None:
    """Write the measuring page and a frame for each engine, with its scripts and module."""
    scripts = {"bare": [f"/node_modules/@tensorflow/{name}.min.js" for name in SCRIPTS]}
    scripts["onnx"] = ["/peers/onnxruntime-web/dist/ort.wasm.min.js"]
    for name in ("index", *ways):
        tags = "".join(f'<script src="{source}"></script>' for source in scripts.get(name, ()))
        module = "page" if name == "index" else "engines"
        code = f"import * as {module} from '/js/{module}.js'; window.{module} = {module};"
        text = f"<!doctype html><body>{tags}<script type=module>{code}</script></body>"
        (folder / f"{name}.html").write_text(text, "utf-8")


@contextmanager
def serving(files: dict[str, Path], headers: dict[str, str]) -> Iterator[str]:
    """Serve ``files``, which maps path prefixes to folders; yields the server's URL."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
            ".mjs": "text/javascript",
            ".wasm": "application/wasm",
        }

        def translate_path(self, path: str) -> str:
            path = path.partition("?")[0]
            start = max((each for each in files if path.startswith(each)), key=len, default=None)
            return "" if start is None else str(files[start] / path.removeprefix(start).lstrip("/"))

        def end_headers(self) -> None:
            for name, value in headers.items():
                self.send_header(name, value)
            super().end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def measure(
    browser: Browser, url: str, backend: str, ways: Sequence[str], plan: dict[str, int]
) -> dict[str, Any]:
    """What ``page.js`` measured on one backend, by engine."""
    entry = json.loads((TFJS / "dist" / "version.json").read_text("utf-8"))["entry"]
    tab = browser.new_page()
    tab.set_default_timeout(600_000)
    tab.goto(f"{url}/index.html")
    tab.wait_for_function("window.page")
    measured: dict[str, Any] = tab.evaluate(
        "(args) => page.measure(...args)", [backend, f"/bundle/{entry}", ways, plan]
    )
    tab.close()
    expected = np.array(measured["bare graph"]["answer"])
    for name, each in measured.items():
        far = float(np.abs(np.array(each["answer"]) - expected).max())
        if far > 1e-4:
            raise AssertionError(f"{name} differs from the bare graph model by {far:.1e}.")
    return measured


def compare(measured: dict[str, Any], backend: str) -> list[Figure]:
    """Ours beside each peer."""
    rows = []
    for form in ("graph", "layers"):
        ours, bare = (median(measured[f"{who} {form}"]["one"]) for who in ("ours", "bare"))
        rows.append(
            Figure(
                f"{form} @ {backend}, one digit, p50",
                f"{ours:.3f} ms (p95 {p95(measured[f'ours {form}']['one']):.3f})",
                f"{bare:.3f} ms, TensorFlow.js called directly",
                ours / bare,
                goal=1.1,
            )
        )
    for form in ("graph", "layers") if measured["ours graph"]["many"] else ():
        rate = BATCH * 1e3 / median(measured[f"ours {form}"]["many"])
        peers = {"TensorFlow.js called directly": f"bare {form}"}
        peers |= {"ONNX Runtime Web, 1 thread": "onnx model"}
        for words, name in peers.items():
            if name not in measured:
                continue
            other = BATCH * 1e3 / median(measured[name]["many"])
            peer = f"{other:,.0f} images/s, {words}"
            goal = 0.9 if name.startswith("onnx") else None
            what = f"{form} @ {backend}, {BATCH:,} digits in one batch"
            rows.append(
                Figure(what, f"{rate:,.0f} images/s", peer, rate / other, bound="≥", goal=goal)
            )
    return rows


def main() -> None:
    """Serve the page, measure, print."""
    parser = argparse.ArgumentParser("python -m benchmarks.browser_engines", description=__doc__)
    parser.add_argument("--backends", nargs="+", default=["wasm", "cpu"])
    parser.add_argument("--turns", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", action="store_true", help="isolate the page, as the app does")
    options = parser.parse_args()
    folder, path = store.folder(store.DEFAULT), chromium.need()
    with tempfile.TemporaryDirectory() as temporary:
        content = onnx_model(folder) if (PEERS / "node_modules").is_dir() else None
        (Path(temporary) / "model.onnx").write_bytes(content or b"")
        ways = ["ours", "bare"] if content is None else ["ours", "bare", "onnx"]
        pages(Path(temporary), ways)
        files = {"": Path(temporary), "/model/": folder, "/bundle/": TFJS / "dist"}
        files |= {"/node_modules/": TFJS / "node_modules", "/peers/": PEERS / "node_modules"}
        files |= {"/js/": PEERS}
        rows: list[Figure] = []
        with (
            serving(files, ISOLATED if options.threads else {}) as url,
            chromium.launched(path) as browser,
        ):
            for backend in options.backends:
                # Plain JavaScript takes long for a batch of 1,000, and has no peer to compare with.
                rounds = options.rounds if backend == "wasm" else 0
                plan = {"turns": options.turns, "each": 10, "rounds": rounds, "batch": BATCH}
                these = ways if backend == "wasm" else ["ours", "bare"]
                rows += compare(measure(browser, url, backend, these, plan), backend)
    report.show(rows)


if __name__ == "__main__":
    main()
