"""Asks lanes for their answers to any inputs: TensorFlow in this process, TensorFlow.js in Node, or
in a browser where one is named.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.dataset.samples import Samples
from models.errors import DigitParityError
from models.formats import manifest as manifests
from models.formats.manifest import Manifest
from models.formats.tensors import Tensors
from models.lanes import Lane
from models.runtimes import node
from models.runtimes.node import NodeRun

if TYPE_CHECKING:
    from models.runtimes.browser.program import Program

_LOG = logging.getLogger(__name__)

BATCH = 512  # more at once is no faster, and costs memory for each layer
NODE_BATCH = 5_000  # inputs that Node is started for; as floats they lie on the disk
_VALUES = 1 << 23  # of the inputs that are made into tensors at once on TensorFlow
_NODE_VALUES = 1 << 26  # and for Node: 256 MB on the disk

_Predict = Callable[[Sequence[Lane], Tensors], Mapping[Lane, NodeRun]]


@dataclass(frozen=True, eq=False)
class Answered:
    """A lane's ``outputs``, an array for each of the model's, float32, n first; none where an
    ``error`` says why. ``seconds`` is the time spent predicting. ``ran`` is the run of
    TensorFlow.js, of the first inputs where there are many.
    """

    lane: Lane
    outputs: Tensors = ()
    seconds: float = 0.0
    error: str | None = None
    ran: NodeRun | None = None


def ask(
    samples: Samples, lanes: Sequence[Lane], folder: Path, browser: Program | None = None
) -> list[Answered]:
    """What ``lanes`` of the model in ``folder`` give for at least one input, in order.

    Those of TensorFlow.js run in ``browser``, in Node without one. A lane that fails has an
    ``error``, and the others go on. Raises ModelError without a readable manifest.
    """
    manifest = manifests.read(folder)
    of_tfjs = [lane for lane in lanes if lane.in_browser]
    predict = partial(node.predict, folder) if browser is None else _in(browser, folder)
    found = dict(zip(of_tfjs, _by_tfjs(samples, of_tfjs, manifest, predict), strict=True))
    for lane in lanes:
        if lane not in found:
            found[lane] = _on_server(samples, lane, folder, manifest)
    return [found[lane] for lane in lanes]


def _on_server(samples: Samples, lane: Lane, folder: Path, manifest: Manifest) -> Answered:
    _LOG.info("%s: loading", lane)
    from models.runtimes import server_lane

    size = _at_once(manifest, BATCH, _VALUES)
    try:
        loaded = server_lane.load(folder, lane)
        loaded.run(samples.tensors(0, 1))  # the first prediction compiles
        seconds, parts = 0.0, []
        for first in range(0, len(samples), size):
            _LOG.info("%s: %s of %s inputs", lane, f"{first:,}", f"{len(samples):,}")
            given = samples.tensors(first, first + size)
            start = time.perf_counter()
            parts.append(loaded.run(given))
            seconds += time.perf_counter() - start
    except DigitParityError as error:
        return Answered(lane, error=str(error))
    return Answered(lane, _joined(parts), seconds)


def _in(browser: Program, folder: Path) -> _Predict:
    """Asks a browser; what was asked for one by one once need not be again."""
    from models.runtimes.browser import answers, tfjs

    asked: set[Lane] = set()

    def predict(lanes: Sequence[Lane], tensors: Tensors) -> Mapping[Lane, NodeRun]:
        predictions = 0 if asked.intersection(lanes) else answers.PREDICTIONS
        asked.update(lanes)
        return tfjs.predict(folder, lanes, tensors, browser, predictions=predictions)

    return predict


def _by_tfjs(
    samples: Samples, lanes: Sequence[Lane], manifest: Manifest, predict: _Predict
) -> list[Answered]:
    parts: dict[Lane, list[Tensors]] = {lane: [] for lane in lanes}
    seconds = dict.fromkeys(lanes, 0.0)
    errors: dict[Lane, str] = {}
    first_runs: dict[Lane, NodeRun] = {}
    size = _at_once(manifest, NODE_BATCH, _NODE_VALUES)
    for first in range(0, len(samples), size):
        able = [lane for lane in lanes if lane not in errors]
        if not able:
            break
        names = ", ".join(map(str, able))
        _LOG.info("%s: %s of %s inputs", names, f"{first:,}", f"{len(samples):,}")
        try:
            runs = predict(able, samples.tensors(first, first + size))
        except DigitParityError as error:  # without Node or the bundle no lane can run
            errors |= dict.fromkeys(able, str(error))
            break
        for lane, run in runs.items():
            first_runs.setdefault(lane, run)
            if run.error is not None:
                errors[lane] = run.error
                continue
            parts[lane].append(run.outputs)
            seconds[lane] += run.seconds
    return [
        Answered(lane, error=errors[lane], ran=first_runs.get(lane))
        if lane in errors
        else Answered(lane, _joined(parts[lane]), seconds[lane], ran=first_runs[lane])
        for lane in lanes
    ]


def _at_once(manifest: Manifest, most: int, values: int) -> int:
    """How many inputs are tensors at once: large ones are fewer."""
    each = sum(math.prod(tensor.whole) for tensor in manifest.takes)
    return max(1, min(most, values // max(each, 1)))


def _joined(parts: Sequence[Tensors]) -> Tensors:
    return tuple(np.concatenate(each) for each in zip(*parts, strict=True))
