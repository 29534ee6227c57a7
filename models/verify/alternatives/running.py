"""Runs the alternatives, and TensorFlow.js beside them: in one page, by one clock and one ruler.

Each lane has a browser of its own, so that what its page fetched is what it needs, and one that
ends takes none along. All compute on one thread, as in a page that is not cross-origin isolated.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import tensor_files
from models.formats.manifest import Manifest
from models.formats.tensors import Tensors
from models.lanes import Lane
from models.runtimes import node
from models.runtimes.browser import answers
from models.runtimes.browser import tfjs as browser_tfjs
from models.runtimes.browser.answers import BrowserRun
from models.runtimes.browser.conversion import Kind
from models.runtimes.browser.message import Message
from models.runtimes.browser.program import Program
from models.runtimes.browser.server import Files
from models.runtimes.browser.visit import visit
from models.tfjs.alternatives import compressed, packages

LITERT, ONNX = "litert.js", "onnxruntime-web"
LIBRARIES = {"tfjs": "TensorFlow.js", LITERT: "LiteRT.js", ONNX: "ONNX Runtime Web"}
# What each takes, and the script that runs it.
RUNTIMES: dict[str, tuple[Kind, str]] = {
    f"{LITERT}/wasm": ("tflite", "litert.js"),
    f"{ONNX}/wasm": ("onnx", "onnx_wasm.js"),
    f"{LITERT}/webgpu": ("tflite", "litert.js"),
    f"{ONNX}/webgpu": ("onnx", "onnx_webgpu.js"),
}
BESIDE = (  # what they are compared with
    Lane("graph", "tfjs/wasm+1thread"),
    Lane("layers", "tfjs/wasm+1thread"),
    Lane("graph", "tfjs/webgpu"),
)
INPUTS, ON_CARD = 64, 8  # WebGPU may be drawn in software, where an answer takes seconds
REPEATS, ON_CARD_REPEATS = 50, 10
_SILENT = 240.0  # seconds without a word from the page
_LONGEST = 600.0  # seconds for all that a lane is asked


@dataclass(frozen=True)
class Size:
    """Bytes that a page loads, as they are and compressed by Brotli."""

    script: int = 0
    wasm: int = 0
    weights: int = 0
    compressed: int = 0


@dataclass(frozen=True, eq=False)
class Run:
    """What a lane gave, see ``BrowserRun``, and what its page loaded for that."""

    answered: BrowserRun
    size: Size


def library(lane: Lane) -> str:
    """What runs a lane, by the name that people know."""
    return LIBRARIES[lane.runtime.partition("/")[0]]


def backend(lane: Lane) -> str:
    """``wasm`` or ``webgpu``."""
    return lane.runtime.partition("/")[2].partition("+")[0]


def run(folder: Path, lane: Lane, model: Path | None, tensors: Tensors, program: Program) -> Run:
    """Ask a lane in a browser. ``model`` is the file of an alternative, None for TensorFlow.js.

    A lane that cannot run has an ``error``. Raises ModelError where the packages are not installed,
    InputError for inputs that no page can be given.
    """
    manifest = manifests.read(folder)
    try:
        files, told = lane_job(folder, manifest, lane, model)
    except ModelError as error:
        return Run(BrowserRun(lane, error=str(error)), Size())
    own = packages.dist() / "measured.js"
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        inputs = tensor_files.write(manifest.takes, tensors, Path(temporary))
        arrays = {Path(each["file"]).name: Path(each["file"]) for each in inputs}
        job = asked(lane, told, inputs, len(tensors[0]), node.most_at_once(tensors))
        heard = Listener()
        messages = visit(
            program,
            {**files, **arrays, "measured.js": own},
            job,
            seconds=_SILENT,
            query=browser_tfjs.query(lane),
        )
        (found,) = answers.collect(heard.passing(messages), [lane], len(tensors[0]))
    return Run(found, size_of(files, heard.fetched))  # compressed once nothing is timed


def asked(
    lane: Lane,
    told: Mapping[str, Any],
    inputs: Sequence[Mapping[str, Any]],
    images: int,
    batch: int,
) -> dict[str, Any]:
    """What the page is asked of a lane: ``told`` is as ``lane_job`` has it, ``inputs`` as
    ``tensor_files.write`` does, each in a file beside the page; ``batch`` is how many at once.
    """
    on_card = backend(lane) == "webgpu"
    return {
        "inputs": [{**each, "file": Path(each["file"]).name} for each in inputs],
        "images": images,
        "batch": 1 if on_card else batch,
        "repeats": ON_CARD_REPEATS if on_card else REPEATS,
        "predictions": answers.PREDICTIONS,
        "together": min(answers.TOGETHER, batch),
        "lanes": [{**told, "engine": "measured.js", "inner": told["engine"]}],
    }


class Listener:
    """Hears, of what a page says, which files it has fetched."""

    def __init__(self) -> None:
        self.fetched: tuple[str, ...] = ()

    def passing(self, messages: Iterator[Message]) -> Iterator[Message]:
        """Raises ModelError once they take too long together."""
        until = time.monotonic() + _LONGEST
        for message in messages:
            if time.monotonic() > until:
                raise ModelError(f"It had not answered everything within {_LONGEST:g} s.")
            if message.said["kind"] == "about" and isinstance(message.said["about"], dict):
                self.fetched = tuple(map(str, message.said["about"].get("fetched", ())))
            yield message


def size_of(files: Files, fetched: Sequence[str]) -> Size:
    """The size of what was fetched of these files."""
    paths = {name: path for name in fetched if isinstance(path := files.get(name), Path)}
    found = Size(compressed=compressed.size(paths.values()))
    for name, path in paths.items():
        kind = "weights" if name.startswith("model/") else "script"
        kind = "wasm" if path.suffix == ".wasm" else kind
        found = replace(found, **{kind: getattr(found, kind) + path.stat().st_size})
    return found


def lane_job(
    folder: Path, manifest: Manifest, lane: Lane, model: Path | None
) -> tuple[dict[str, Path | bytes], dict[str, Any]]:
    """The files that a lane's page asks for, and what it is told of the lane; ``model`` as for
    ``run``. Raises ModelError, with the reason, when it cannot run it.
    """
    if model is None:
        return browser_tfjs.lane_job(folder, manifest, lane)
    kind, script = RUNTIMES[lane.runtime]
    files: dict[str, Path | bytes] = {
        f"alternatives/{each.name}": each
        for each in packages.dist().iterdir()
        if each.suffix in (".js", ".wasm")
    }
    name = f"model/model.{kind}"
    return files | {name: model}, {
        "engine": f"alternatives/{script}",
        "model": name,
        "backend": backend(lane),
        "dtypes": [each.dtype for each in manifest.takes],
    }
