"""What every layer or operation gives in TensorFlow.js, run in Node."""

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

SECONDS = 300.0


def trace(folder: Path, lane: Lane, pixels: Pixels, *, seconds: float = SECONDS) -> Trace:
    """Bring digits (n, 28, 28), float32 in [0, 1], through a TensorFlow.js lane.

    Raises ModelError, with the reason, when Node cannot run it; BundleError without Node;
    InputError for pixels of another shape.
    """
    manifest = manifests.read(folder)
    node.check(manifest, pixels)
    if reason := node.impossible(lane, manifest):
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
        lines, ended = node.run_job(job, seconds)
        if not lines or "error" in lines[0]:
            said = lines[0]["error"] if lines else ended or "Node gave no answer."
            raise ModelError(f"{lane} could not be looked into: {said}")
        parts = [(str(part["name"]), tuple(part["shape"])) for part in lines[0]["parts"]]
        return Trace(lane, split(parts, np.fromfile(out, "<f4")))


def operations(folder: Path, lane: Lane) -> list[str]:
    """What to ask a lane of TensorFlow.js for: a graph's operations; a layers model shows all."""
    if lane.format != "graph":
        return []
    return [part.name for part in anatomy.read(folder, "graph", lane.weights)]
