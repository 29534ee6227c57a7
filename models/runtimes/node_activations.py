"""The output of every layer or operation in TensorFlow.js, run in Node."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from models.errors import ModelError
from models.formats import anatomy
from models.formats import manifest as manifests
from models.lanes import Lane, Pixels
from models.runtimes import node
from models.runtimes.activations import Trace, split

TIMEOUT = 300.0  # seconds


def trace(folder: Path, lane: Lane, pixels: Pixels, *, timeout: float = TIMEOUT) -> Trace:
    """Run digits (n, 28, 28), float32 in [0, 1], through a TensorFlow.js lane.

    ``timeout`` is in seconds. Raises ModelError, with the reason, when Node cannot run the lane;
    BundleError without Node; InputError for pixels of another shape.
    """
    manifest = manifests.read(folder)
    node.check(manifest, pixels)
    if reason := node.why_not(lane, manifest) or node.unsafe(lane, manifest, folder):
        raise ModelError(reason)
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        inputs, out = Path(temporary) / "pixels.f32", Path(temporary) / "out.f32"
        inputs.write_bytes(np.ascontiguousarray(pixels, "<f4").tobytes())
        model = (folder / manifest.path(lane.format, lane.weights)).resolve()
        job = {
            "pixels": str(inputs),
            "images": len(pixels),
            "shape": manifest.input.shape,
            "scale": manifest.input.scale,
            "lanes": [
                {
                    "backend": lane.runtime.removeprefix("tfjs/"),
                    "format": lane.format,
                    "model": str(model),
                    "out": str(out),
                    "look": operations(folder, lane),
                }
            ],
        }
        lines, failure = node.run_job(job, timeout)
        if not lines or "error" in lines[0]:
            error = lines[0]["error"] if lines else failure or "Node gave no answer."
            raise ModelError(f"{lane} could not be looked into: {error}")
        parts = [(str(part["name"]), tuple(part["shape"])) for part in lines[0]["parts"]]
        return Trace(lane, split(parts, np.fromfile(out, "<f4")))


def operations(folder: Path, lane: Lane) -> list[str]:
    """The operations of a graph to ask for; none for a layers model, which shows all its layers."""
    if lane.format != "graph":
        return []
    parts = anatomy.read(folder, "graph", lane.weights)
    return [part.name for part in parts if not part.hidden]
