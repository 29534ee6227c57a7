"""The lanes of TensorFlow.js in Node. It runs the same modules as the page."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import ModelError
from models.formats import graph_ends, model_json, safety, tensor_files
from models.formats import manifest as manifests
from models.formats.architecture import stored
from models.formats.manifest import Manifest
from models.formats.tensors import Tensors
from models.lanes import Lane, Times
from models.runtimes.process.node_process import NodeProcess
from models.tfjs import built, bundle

SCRIPT = bundle.PACKAGE / "dist" / "node" / "cli.mjs"
RUNTIMES = {"tfjs/wasm": 0.1, "tfjs/cpu": 1.0}  # the time of each, as a share of the slowest's
BATCH = 256  # more at once is no faster, and needs memory for every layer's output
_VALUES = 1 << 21  # of a batch's inputs together: a layer's output is several times as large
# Seconds. MobileNetV2 on 56×56 starts in 1 s and takes 0.07 s for a digit in plain JavaScript, on
# two busy cores; on 224×224 3.4 s for 3e8 products, and at most as many as weights times values are
# computed for an input. What takes longer is a loop without an end in a graph.
STARTING, AN_INPUT, A_PRODUCT, LONGEST = 60.0, 0.2, 4e-9, 200.0
_BYTES = {"float32": 4, "float16": 2, "uint8": 1}  # of a weight


@dataclass(frozen=True, eq=False)
class NodeRun:
    """A lane's answer in Node, or the reason why there is none.

    ``outputs`` has an array for each output, float32, n first; none where ``error`` is set.
    ``seconds`` is the time for all n inputs; ``leaked`` counts the tensors that were alive after
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
    batch: int | None = None,
    timeout: float | None = None,
    process: NodeProcess | None = None,
) -> dict[Lane, NodeRun]:
    """What lanes of the model in ``folder`` give for ``tensors``, as it takes them.

    All lanes run one after the other in one Node, that of ``process`` or one of their own, on
    ``batch`` inputs at once, by default as many as memory allows; ``repeats`` single predictions
    are timed.
    A lane that fails has an ``error`` and the others go on; the same holds for lanes without an
    answer when Node ends early or ``timeout`` seconds have passed, by default more than any
    healthy network takes. Raises BundleError without Node, ModelError without the bundle or a
    readable manifest, InputError for tensors of another shape.
    """
    manifest = manifests.read(folder)
    check(manifest, tensors)
    runs: dict[Lane, NodeRun] = {}
    jobs: dict[Lane, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        for number, lane in enumerate(dict.fromkeys(lanes)):
            runs[lane] = NodeRun(lane)
            try:
                jobs[lane] = lane_job(folder, manifest, lane, Path(temporary) / f"{number}.f32")
            except ModelError as error:
                runs[lane] = NodeRun(lane, error=str(error))
        if not jobs:
            return runs
        job = {
            "inputs": tensor_files.write(manifest.takes, tensors, Path(temporary)),
            "images": len(tensors[0]),
            "batch": batch or most_at_once(tensors),
            "repeats": repeats,
            "lanes": list(jobs.values()),
        }
        each = (seconds(manifest, lane, tensors, RUNTIMES[lane.runtime]) for lane in jobs)
        limit = sum(STARTING + one * (len(tensors[0]) + repeats) for one in each)
        run = run_job if process is None else process.run
        lines, failure = run(job, limit if timeout is None else timeout)
        for lane, line in zip_longest(jobs, lines[: len(jobs)]):
            out = Path(jobs[lane]["out"])
            runs[lane] = _answer(lane, line, out, len(tensors[0]), failure)
    return runs


def check(manifest: Manifest, tensors: Tensors) -> None:
    """Raise ModelError without the bundle, InputError for tensors that the model does not take."""
    if not SCRIPT.is_file():
        raise ModelError(f"{SCRIPT} is missing. {built.remedy()}")
    tensor_files.check(manifest.takes, tensors)


def lane_job(folder: Path, manifest: Manifest, lane: Lane, out: Path) -> dict[str, Any]:
    """What Node is told of a lane. Raises ModelError, with the reason, when it cannot run it, or
    may not load its files.
    """
    if lane.runtime not in RUNTIMES:
        raise ModelError(f"Node does not run {lane}. Here it runs {' and '.join(RUNTIMES)}.")
    path, told = described(folder, manifest, lane)
    return {**told, "model": str(path.resolve()), "out": str(out)}


def described(folder: Path, manifest: Manifest, lane: Lane) -> tuple[Path, dict[str, Any]]:
    """A lane's model.json, and what TensorFlow.js is told of the lane, wherever it runs.

    Raises ModelError, with the reason, when it reads no such file, or may not load it.
    """
    if lane.format == "keras":
        raise ModelError(f"TensorFlow.js reads no .h5, so there is no lane {lane}.")
    path = folder / manifest.path(lane.format, lane.weights)
    safety.check(path)
    inputs, outputs = _ends(path, manifest) if lane.format == "graph" else (None, None)
    return path, {
        "backend": lane.backend,
        "format": lane.format,
        "inputs": inputs,
        "outputs": outputs,
        "fixed": next((each.batch for each in manifest.takes if each.batch), None),
    }


def _ends(path: Path, manifest: Manifest) -> tuple[list[str] | None, list[str] | None]:
    """The names of a graph's tensors, in the manifest's order; None, its own order, where it has
    no signature.
    """
    named = model_json.signature(stored.of_json(path).whole or {})
    if named is None:
        return None, None
    try:
        inputs = graph_ends.in_order("input", named[0], manifest.takes)
        return inputs, graph_ends.in_order("output", named[1], manifest.outputs)
    except ValueError as error:
        raise ModelError(f"The graph model {path} {error}.") from error


def seconds(manifest: Manifest, lane: Lane, tensors: Tensors, share: float) -> float:
    """How long one input may take, where it takes ``share`` of plain JavaScript's time."""
    weights = manifest.size(lane.format, lane.weights) / _BYTES[lane.weights]
    products = weights * max(math.prod(each.shape[1:]) for each in tensors)
    return AN_INPUT + min(LONGEST, A_PRODUCT * products * share)


def most_at_once(tensors: Tensors) -> int:
    """How many inputs go in at once."""
    values = sum(math.prod(each.shape[1:]) for each in tensors)
    return max(1, min(BATCH, _VALUES // max(values, 1)))


def started() -> NodeProcess:
    """A Node for any number of jobs. Raises BundleError where there is none."""
    return NodeProcess([str(bundle.node()), str(SCRIPT)])


def run_job(job: dict[str, Any], timeout: float) -> tuple[Sequence[dict[str, Any]], str]:
    """Run a job in a Node of its own, as ``NodeProcess.run``."""
    with started() as process:
        return process.run(job, timeout)


def _answer(
    lane: Lane, line: dict[str, Any] | None, out: Path, count: int, failure: str
) -> NodeRun:
    if line is None:
        return NodeRun(lane, error=failure or "Node gave no answer.")
    if "error" in line:
        return NodeRun(lane, error=str(line["error"]))
    shapes = [(count, *each["shape"]) for each in line["outputs"]]
    ends = np.cumsum([math.prod(shape) for shape in shapes])
    values = np.split(np.fromfile(out, "<f4"), ends)
    outputs = tuple(each.reshape(shape) for each, shape in zip(values, shapes, strict=False))
    times = Times(line["loadMs"], line["firstMs"], tuple(line["steadyMs"]))
    return NodeRun(lane, outputs, times, line["ms"] / 1e3, line["leaked"])
