"""The output of every layer or operation in TensorFlow.js, run in Node.

Each is also asked for its own part alone where there are given values, see ``activations``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import ModelError
from models.formats import anatomy, tensor_files
from models.formats import manifest as manifests
from models.formats.tensors import Tensors
from models.lanes import Lane
from models.runtimes import node
from models.runtimes.activations import Own, Trace, split
from models.runtimes.graph_steps import Feeds, Outputs

TIMEOUT = 300.0  # seconds


def trace(folder: Path, lane: Lane, tensors: Tensors, *, timeout: float = TIMEOUT) -> Trace:
    """Run ``tensors``, as the model in ``folder`` takes them, through a TensorFlow.js lane.

    ``timeout`` is in seconds. Raises ModelError, with the reason, when Node cannot run the lane;
    BundleError without Node; InputError for tensors of another shape.
    """
    found, _ = trace_and_own(folder, lane, tensors, {}, {}, timeout=timeout)
    return found


def trace_and_own(
    folder: Path,
    lane: Lane,
    tensors: Tensors,
    given: Outputs,
    feeds: Feeds,
    *,
    timeout: float = TIMEOUT,
) -> tuple[Trace, Own]:
    """The same, and what each part in ``feeds`` gives from the ``given`` values that it is fed
    with, float32 arrays with a row for each input; a graph's inputs it has as they are in
    ``tensors``. Raises what ``trace`` raises.
    """
    manifest = manifests.read(folder)
    node.check(manifest, tensors)
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        known, out = (Path(temporary) / f"{each}.f32" for each in ("known", "out"))
        lane_job = node.lane_job(folder, manifest, lane, out)
        known.write_bytes(b"".join(_bytes(each) for each in given.values()))
        parts = [{"name": name, "shape": each.shape} for name, each in given.items()]
        looked = {
            "look": operations(folder, lane),
            "given": {"file": str(known), "parts": parts},
            "feeds": [[part, list(sources)] for part, sources in feeds.items()],
        }
        job = {
            "inputs": tensor_files.write(manifest.takes, tensors, Path(temporary)),
            "images": len(tensors[0]),
            "lanes": [lane_job | looked],
        }
        lines, failure = node.run_job(job, timeout)
        if not lines or "error" in lines[0]:
            error = lines[0]["error"] if lines else failure or "Node gave no answer."
            raise ModelError(f"{lane} could not be looked into: {error}")
        return _answer(lane, lines[0], np.fromfile(out, "<f4"))


def _answer(lane: Lane, line: dict[str, Any], values: Any) -> tuple[Trace, Own]:
    parts, own = _parts(line["parts"]), _parts(line["own"])
    count = sum(int(np.prod(shape)) for _, shape in parts)
    outputs = split(own, values[count:])
    errors = {str(name): str(reason) for name, reason in line["errors"]}
    return Trace(lane, split(parts, values[:count])), Own(outputs, errors)


def _parts(listed: Sequence[dict[str, Any]]) -> list[tuple[str, tuple[int, ...]]]:
    return [(str(part["name"]), tuple(part["shape"])) for part in listed]


def _bytes(values: Any) -> bytes:
    return np.ascontiguousarray(values, "<f4").tobytes()


def operations(folder: Path, lane: Lane) -> list[str]:
    """The operations of a graph to ask for; none for a layers model, which shows all its layers."""
    if lane.format != "graph":
        return []
    parts = anatomy.read(folder, "graph", lane.weights)
    return [part.name for part in parts if not part.hidden]
