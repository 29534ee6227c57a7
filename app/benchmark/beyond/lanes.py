"""The lanes that a visitor's browser can run, the files that each asks for, and how large they are.

It runs the gate's own page in a web worker (``models/runtimes/browser/page``), a new one for each
lane, so that what it fetched is what the lane needs.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from app.benchmark.beyond import installed
from app.web import file_response
from models.convert.setup import prepared
from models.errors import ModelError
from models.formats import store
from models.lanes import Lane
from models.runtimes.browser.visit import PAGE
from models.storage import plain_files
from models.tfjs import built
from models.tfjs.alternatives import packages
from models.verify.alternatives import running

SCRIPT = "worker.js"
LANES = (*running.BESIDE, *(Lane("keras", each) for each in running.RUNTIMES))
# What a lane fetches of all that it may ask for: other files are for older browsers.
_FETCHED = {
    "tfjs/wasm+1thread": r"tfjs/(main|chunk|wasm)-|wasm-simd-|model/",
    "tfjs/webgpu": r"tfjs/(main|chunk|webgpu)-|model/",
    "litert.js/wasm": r"alternatives/litert(_wasm_internal)?\.|model/",
    "litert.js/webgpu": r"alternatives/litert(_wasm_internal)?\.|model/",
    "onnxruntime-web/wasm": r"onnx_wasm\.js|threaded\.wasm|model/",
    "onnxruntime-web/webgpu": r"onnx_webgpu\.js|asyncify\.wasm|model/",
}
_BESIDE_WORKER = re.compile(r"alternatives/litert.*\.wasm$")

Files = Mapping[str, Path | bytes]


def offered(name: str, *, webgpu: bool) -> list[Lane]:
    """The lanes of a model on WebAssembly, or on WebGPU."""
    formats = store.manifest(name).lanes
    return [
        lane
        for lane in LANES
        if (lane.format in formats or not lane.in_browser) and on_card(lane) == webgpu
    ]


def on_card(lane: Lane) -> bool:
    """Whether a lane computes on WebGPU."""
    return running.backend(lane) == "webgpu"


def version(name: str) -> str:
    """A short hash of all that a lane's files are made of. Raises ModelError without them."""
    made = prepared.find(name)
    total = hashlib.sha256(f"{store.version(name)} {built.entry()}".encode())
    total.update((packages.folder() / "installed").read_bytes() + _page())
    for path in sorted(made.folder.iterdir()):  # files that are made again keep their names
        found = path.stat()
        total.update(f"{path.name} {found.st_size} {found.st_mtime_ns}".encode())
    return total.hexdigest()[:16]


def url_path(name: str, lane: Lane) -> str:
    """The URL path of a lane's worker below the app's root."""
    return f"{installed.URL_PATH}/{version(name)}/{name}/{LANES.index(lane)}/{SCRIPT}"


def files(name: str, lane: Lane) -> Files:
    """What a lane's worker may ask for, by the names that it has for it. Raises ModelError, with
    the reason, when the lane cannot run.
    """
    own, others = _files(name, lane, version(name))
    return {**own, **others}


def own_files(name: str, lane: Lane) -> Files:
    """Those of them that any page would need for the lane, which are the lane's size."""
    return _files(name, lane, version(name))[0]


def download(name: str, lane: Lane) -> int:
    """How many bytes a browser fetches for a lane, compressed where they are; 0 for one that cannot
    run.
    """
    try:
        named = own_files(name, lane)
    except ModelError:
        return 0
    wanted = re.compile(_FETCHED[lane.runtime])
    return sum(_sent(path) for key, path in named.items() if wanted.search(key))


@lru_cache(maxsize=64)
def _files(name: str, lane: Lane, _version: str) -> tuple[Files, Files]:
    made, folder, manifest = prepared.find(name), store.folder(name), store.manifest(name)
    if lane.in_browser and built.entry() is None:
        raise ModelError(f"TensorFlow.js is not built on this server. {built.remedy()}")
    kind = None if lane.in_browser else running.RUNTIMES[lane.runtime][0]
    model = None if kind is None else made.model(kind)
    if kind is not None and model is None:
        raise ModelError(made.why_not(kind))
    found, told = running.lane_job(folder, manifest, lane, model)
    images = min(made.images, running.ON_CARD) if on_card(lane) else made.images
    job = running.asked(lane, told, made.inputs, images, images)
    own = {key: path for key, path in found.items() if _is_public(key, path, name)}
    # LiteRT.js looks for its WebAssembly beside its script, which in a worker is the worker's.
    own |= {Path(key).name: path for key, path in own.items() if _BESIDE_WORKER.search(key)}
    others: dict[str, Path | bytes] = {path.name: path for path in PAGE.glob("*.js")}
    others |= {str(each["file"]): made.folder / str(each["file"]) for each in made.inputs}
    others["measured.js"] = packages.dist() / "measured.js"
    others["job.json"] = json.dumps(job).encode()
    return own, others


def _is_public(key: str, path: Path | bytes, name: str) -> bool:
    """Whether it is none of a stored model's files, or one that its manifest lists: a link could
    lead to any file of the operator.
    """
    folder = store.folder(name)
    if isinstance(path, bytes) or not key.startswith("model/") or not path.is_relative_to(folder):
        return True
    listed = path.relative_to(folder).as_posix()
    return listed in store.manifest(name).files and plain_files.is_inside(folder, listed)


def _sent(path: Path | bytes) -> int:
    """The bytes of a file as a browser gets it."""
    if isinstance(path, bytes):
        return len(path)
    copies = (path.with_name(path.name + each) for each in file_response.SUFFIXES.values())
    return next((each.stat().st_size for each in copies if each.is_file()), path.stat().st_size)


@cache
def _page() -> bytes:
    """The modules of the worker, one after the other."""
    return b"".join(path.read_bytes() for path in sorted(PAGE.glob("*.js")))
