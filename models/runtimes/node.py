"""The lanes of TensorFlow.js in Node. It runs the same modules as the page."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import InputError, ModelError
from models.formats import manifest as manifests
from models.formats import safety
from models.formats.manifest import Manifest
from models.formats.tensors import Tensors
from models.lanes import Lane, Times
from models.runtimes.process import os_calls
from models.tfjs import built, bundle

SCRIPT = bundle.PACKAGE / "dist" / "node" / "cli.mjs"
RUNTIMES = ("tfjs/wasm", "tfjs/cpu")
BATCH = 256  # more at once is no faster, and needs memory for every layer's output
# Seconds. MobileNetV2 on 56×56 starts in 1 s and takes 0.07 s for a digit in plain JavaScript, on
# two busy cores. What takes many times as long is a loop without an end in a graph.
STARTING, A_DIGIT = 60.0, 0.2


@dataclass(frozen=True, eq=False)
class NodeRun:
    """A lane's answer in Node, or the reason why there is none.

    ``outputs`` has an array for each output, float32, n first; none where ``error`` is set.
    ``seconds`` is the time for all n digits; ``leaked`` counts the tensors that were alive after
    the predictions and not before.
    """

    lane: Lane
    outputs: Tensors = ()
    times: Times = field(default_factory=Times)
    seconds: float = 0.0
    leaked: int = 0
    error: str | None = None


def predict(
    folder: Path,
    lanes: Iterable[Lane],
    tensors: Tensors,
    *,
    repeats: int = 0,
    batch: int = BATCH,
    timeout: float | None = None,
) -> dict[Lane, NodeRun]:
    """Predict ``tensors``, as the model in ``folder`` takes them, with its lanes.

    All lanes run one after the other in one Node process; ``repeats`` single predictions are timed.
    A lane that fails has an ``error`` and the others go on; the same holds for lanes without an
    answer when Node ends early or ``timeout`` seconds have passed, by default more than any
    healthy network takes. Raises BundleError without Node,
    ModelError without the bundle or a readable manifest, InputError for pixels of another shape.
    """
    manifest = manifests.read(folder)
    check(manifest, tensors[0])
    (taken,) = manifest.takes
    requested = list(dict.fromkeys(lanes))
    if timeout is None:
        timeout = len(requested) * (STARTING + A_DIGIT * (len(tensors[0]) + repeats))
    reasons = {
        lane: why_not(lane, manifest) or unsafe(lane, manifest, folder) for lane in requested
    }
    refused = {lane: reason for lane, reason in reasons.items() if reason}
    able = [lane for lane in requested if lane not in refused]
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        inputs = Path(temporary) / "pixels.f32"
        inputs.write_bytes(tensors[0].astype("<f4").tobytes())
        outs = [Path(temporary) / f"{number}.f32" for number in range(len(able))]
        job = {
            "pixels": str(inputs),
            "images": len(tensors[0]),
            "shape": taken.whole,
            "batch": batch,
            "repeats": repeats,
            "lanes": [
                {
                    "backend": lane.runtime.removeprefix("tfjs/"),
                    "format": lane.format,
                    "model": str((folder / manifest.path(lane.format, lane.weights)).resolve()),
                    "out": str(out),
                }
                for lane, out in zip(able, outs, strict=True)
            ],
        }
        lines, failure = run_job(job, timeout) if able else ([], "")
        runs = {
            lane: _answer(lane, line, out, len(tensors[0]), failure)
            for lane, out, line in zip_longest(able, outs, lines[: len(able)])
        }
    return {lane: runs.get(lane) or NodeRun(lane, error=refused[lane]) for lane in requested}


def check(manifest: Manifest, pixels: NDArray[Any]) -> None:
    """Raise ModelError without the bundle, InputError for pixels of another shape."""
    if not SCRIPT.is_file():
        raise ModelError(f"{SCRIPT} is missing. {built.remedy()}")
    if pixels.ndim < 2 or not len(pixels) or pixels[0].size != np.prod(manifest.pictures().shape):
        raise InputError(f"Pixels of shape {pixels.shape} were given. Expected (n, 28, 28), n ≥ 1.")


def why_not(lane: Lane, manifest: Manifest) -> str | None:
    """The reason why Node cannot run a lane at all; None when it can."""
    if lane.runtime not in RUNTIMES:
        return f"Node does not run {lane}. Here it runs {' and '.join(RUNTIMES)}."
    if lane.format == "keras":
        return f"TensorFlow.js reads no .h5, so there is no lane {lane}."
    try:
        manifest.path(lane.format, lane.weights)
    except ModelError as error:
        return str(error)
    return None


def unsafe(lane: Lane, manifest: Manifest, folder: Path) -> str | None:
    """The reason why the files of a lane may not be loaded; None when they may."""
    try:
        safety.check(folder / manifest.path(lane.format, lane.weights))
    except ModelError as error:
        return str(error)
    return None


def run_job(job: dict[str, Any], timeout: float) -> tuple[Sequence[dict[str, Any]], str]:
    """Run a job in Node. Returns the answers that it printed, and its failure in words or "".

    ``timeout`` is in seconds. Raises ModelError when Node cannot be started.
    """
    command = [str(bundle.node()), str(SCRIPT)]
    try:
        done = subprocess.run(
            command,
            check=False,
            input=json.dumps(job).encode(),
            capture_output=True,
            timeout=timeout,
        )
        output, stderr = done.stdout, done.stderr.decode("utf-8", "replace").strip()
        last = _last_words(stderr)
        how = os_calls.how_it_ended(done.returncode)
        failure = f"Node ended: {how} ({last})." if done.returncode else ""
    except subprocess.TimeoutExpired as late:
        output, failure = late.stdout or b"", f"Node gave no answer within {timeout:g} s."
    except OSError as error:
        raise ModelError(f"{command[0]} cannot be started: {error}") from error
    # Skip what a library prints between the answers, and a last line that was cut short.
    lines = output.decode("utf-8", "replace").split("\n")[:-1]
    return [json.loads(line) for line in lines if line.startswith('{"backend"')], failure


def _last_words(stderr: str) -> str:
    """The line that says why, if there is one: behind lack of memory V8 prints a stack."""
    lines = stderr.splitlines()
    memory = (line for line in lines if "out of memory" in line)
    return next(memory, lines[-1] if lines else "it said nothing")


def _answer(
    lane: Lane, line: dict[str, Any] | None, out: Path, count: int, failure: str
) -> NodeRun:
    if line is None:
        return NodeRun(lane, error=failure or "Node gave no answer.")
    if "error" in line:
        return NodeRun(lane, error=str(line["error"]))
    probabilities = np.fromfile(out, "<f4").reshape(count, line["classes"])
    times = Times(line["loadMs"], line["firstMs"], tuple(line["steadyMs"]))
    return NodeRun(lane, (probabilities,), times, line["ms"] / 1e3, line["leaked"])
