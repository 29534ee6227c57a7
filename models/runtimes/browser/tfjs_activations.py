"""The output of every layer or operation in TensorFlow.js, run in a browser.

As ``models.runtimes.node_activations``, whose arguments and answers it has.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import tensor_files
from models.formats.tensors import Tensors
from models.lanes import Lane
from models.runtimes import node_activations
from models.runtimes.activations import Own, Trace
from models.runtimes.browser import tfjs
from models.runtimes.browser.message import Message
from models.runtimes.browser.program import Program
from models.runtimes.browser.visit import visit
from models.runtimes.graph_steps import Feeds, Outputs

TIMEOUT = 300.0  # seconds without a word


def trace_and_own(
    folder: Path,
    lane: Lane,
    tensors: Tensors,
    given: Outputs,
    feeds: Feeds,
    *,
    program: Program,
    timeout: float = TIMEOUT,
) -> tuple[Trace, Own]:
    """What every part of a lane gives for ``tensors``, and what each part in ``feeds`` gives from
    the ``given`` values, in a browser.

    Raises ModelError, with the reason, when the browser cannot run the lane; InputError for tensors
    of another shape.
    """
    manifest = manifests.read(folder)
    tfjs.check(manifest, tensors)
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        known = Path(temporary) / "known"
        files, told = tfjs.lane_job(folder, manifest, lane)
        with known.open("wb") as file:
            for each in given.values():
                np.ascontiguousarray(each, "<f4").tofile(file)
        parts = [{"name": name, "shape": each.shape} for name, each in given.items()]
        looked = {
            "look": node_activations.operations(folder, lane),
            "given": {"file": known.name, "parts": parts},
            "feeds": [[part, list(sources)] for part, sources in feeds.items()],
        }
        inputs = tensor_files.write(manifest.takes, tensors, Path(temporary))
        job = {
            "inputs": tfjs.named(inputs),
            "images": len(tensors[0]),
            "lanes": [told | looked],
        }
        files = {**files, **tfjs.files_of(inputs), known.name: known}
        found: dict[str, dict[str, np.ndarray]] = {"outputs": {}, "own": {}}
        try:
            for message in visit(program, files, job, seconds=timeout, query=tfjs.query(lane)):
                if message.said["kind"] == "part":
                    found[message.said["of"]][str(message.said["name"])] = message.array
                elif message.said["kind"] == "lane":
                    return _answer(lane, message, found)
        except (LookupError, TypeError, ValueError) as error:
            why = f"the page gave an answer that cannot be read: {error}"
            raise ModelError(f"{lane} could not be looked into: {why}") from error
    raise ModelError(f"{lane} could not be looked into: the page gave no answer.")


def _answer(
    lane: Lane, message: Message, found: dict[str, dict[str, np.ndarray]]
) -> tuple[Trace, Own]:
    if "error" in message.said:
        raise ModelError(f"{lane} could not be looked into: {message.said['error']}")
    errors = {str(name): str(reason) for name, reason in message.said["errors"]}
    return Trace(lane, found["outputs"]), Own(found["own"], errors)
