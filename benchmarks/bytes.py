"""``python -m benchmarks.bytes``: what a visitor's browser fetches before its first verdict.

A new Chromium opens the Draw page. Everything from ``/served/`` until both browser lanes have
answered is counted with its compressed size: brotli, which browsers accept over HTTPS and from
localhost. Streamlit's own files are counted separately. The peer is TensorFlow.js's own builds of
the same parts, compressed by gzip.
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from benchmarks import report
from benchmarks.report import Figure
from tests.support import chromium
from tests.support.servers import ROOT, serving

BUILDS = ("tfjs-core/dist/tf-core", "tfjs-converter/dist/tf-converter")
BUILDS += ("tfjs-layers/dist/tf-layers", "tfjs-backend-wasm/dist/tf-backend-wasm")
ANSWERED = ".dp-lanes tr[data-where=browser][data-state=answered]"


def fetched(url: str, path: str | None) -> dict[str, int]:
    """Compressed bytes by URL, until both browser lanes have answered."""
    with chromium.launched(path) as browser:
        page = browser.new_page()
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        urls: dict[str, str] = {}
        sizes: dict[str, int] = {}

        def responded(event: dict[str, Any]) -> None:
            urls[event["requestId"]] = event["response"]["url"]

        def finished(event: dict[str, Any]) -> None:
            sizes[urls.get(event["requestId"], "")] = int(event["encodedDataLength"])

        devtools.on("Network.responseReceived", responded)
        devtools.on("Network.loadingFinished", finished)
        page.goto(url)
        expect(page.locator(ANSWERED)).to_have_count(2, timeout=120_000)
    return sizes


def compare(sizes: dict[str, int]) -> list[Figure]:
    """Kilobytes (1000 bytes) by kind."""
    ours = {name: size for name, size in sizes.items() if "/served/" in name}
    kinds = {
        "TensorFlow.js: scripts": sum(size for name, size in ours.items() if name.endswith(".js")),
        "TensorFlow.js: WebAssembly": sum(
            size for name, size in ours.items() if name.endswith(".wasm")
        ),
        "models: both formats' files": sum(
            size for name, size in ours.items() if "/served/models/" in name
        ),
        "Streamlit's own files": sum(sizes.values()) - sum(ours.values()),
    }
    modules = ROOT / "models" / "tfjs" / "node_modules" / "@tensorflow"
    whole = [(modules / f"{build}.min.js").read_bytes() for build in BUILDS]
    peer = sum(len(gzip.compress(each)) for each in whole) / 1e3
    rows = [
        Figure(what, f"{size / 1e3:,.0f} kB", "", size / 1e3, " kB") for what, size in kinds.items()
    ]
    script = kinds["TensorFlow.js: scripts"] / 1e3
    with_wasm = script + kinds["TensorFlow.js: WebAssembly"] / 1e3
    words = f"{peer:,.0f} kB, the same parts from npm, unbundled"
    rows.append(
        Figure(
            "scripts for the default backend", f"{script:,.0f} kB", words, script, " kB", goal=300
        )
    )
    rows.append(
        Figure(
            "the same with its .wasm file", f"{with_wasm:,.0f} kB", "", with_wasm, " kB", goal=300
        )
    )
    return rows


def main() -> None:
    """Start the app, open its page, print the figures."""
    parser = argparse.ArgumentParser("python -m benchmarks.bytes", description=__doc__)
    parser.add_argument("--list", action="store_true", help="every file with its size")
    options = parser.parse_args()
    path = chromium.need()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(log=Path(folder) / "log.txt") as url,
    ):
        sizes = fetched(url, path)
    if options.list:
        for name, size in sorted(sizes.items(), key=lambda item: -item[1]):
            print(f"{size:10,}  {name.removeprefix(url)[:120]}")
    report.show(compare(sizes))


if __name__ == "__main__":
    main()
