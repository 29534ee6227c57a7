"""Predicts a dataset with any lanes: TensorFlow in this process, TensorFlow.js in Node."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.dataset import Dataset
from models.errors import DigitParityError, ModelError
from models.formats import manifest as manifests
from models.lanes import Lane, Probabilities
from models.parity import input_scale
from models.parity.input_scale import Scale
from models.parity.scores import Scores
from models.runtimes import node, probabilities

if TYPE_CHECKING:
    from models.runtimes.loaded_lane import LoadedLane

_LOG = logging.getLogger(__name__)

BATCH = 512  # more at once is no faster, and costs memory for each layer
NODE_BATCH = 5_000  # digits; as float32 they are four times the size of the dataset's bytes


def predict(
    data: Dataset, lanes: Sequence[Lane], folder: Path, *, checked: bool = True
) -> list[Scores]:
    """Predict a dataset of at least one digit with ``lanes`` of the model in ``folder``.

    Returns one Scores for each lane, in order. A lane that fails has an ``error`` and no
    probabilities, and the others go on. An answer that is no probability is an error unless
    ``checked`` is False: whoever compares lanes judges NaN and logits as they are. Raises
    ModelError without a readable manifest.
    """
    classes = len(manifests.read(folder).classes)
    blank = np.full((len(data), classes), np.nan, np.float32)
    in_node = [lane for lane in lanes if lane.in_browser]
    scores = dict(zip(in_node, _in_node(data, in_node, folder, blank, checked), strict=True))
    for lane in lanes:
        if lane not in scores:
            scores[lane] = _on_tensorflow(data, lane, folder, blank, checked)
    return [scores[lane] for lane in lanes]


def scale_caution(
    data: Dataset, lane: Lane, folder: Path, answers: Probabilities, again: str
) -> str | None:
    """A sentence where the model in ``folder`` seems to take its pixels on another scale.

    ``answers`` (n, classes) are those of ``lane``, one of the server, to ``data``; ``again`` is the
    command to run, without its ``--scale``. The lane is asked again only where its answers give
    reason for doubt.
    """
    manifest = manifests.read(folder)
    given = Scale(manifest.pictures().scale[0], manifest.pictures().offset[0])
    at = np.unique(np.linspace(0, len(data) - 1, input_scale.MOST).astype(np.int64))
    few = data.take(at).within(answers.shape[1])
    loaded: list[LoadedLane] = []

    def ask(scale: Scale) -> Probabilities:
        from models.runtimes import server_lane

        if not loaded:
            loaded.append(server_lane.load(folder, lane))
        pixels = (few.pixels() * scale.factor + scale.offset - given.offset) / given.factor
        return loaded[0].predict(pixels.astype(np.float32))

    try:
        found = input_scale.better(given, answers[at], few.labels, ask)
    except ModelError:  # it cannot be asked so; nothing is known then
        return None
    return None if found is None else found.sentence(again)


def _on_tensorflow(
    data: Dataset, lane: Lane, folder: Path, blank: Probabilities, checked: bool = True
) -> Scores:
    _LOG.info("%s: loading", lane)
    from models.runtimes import server_lane

    try:
        loaded = server_lane.load(folder, lane)
        loaded.predict(data.pixels(0, 1))  # the first prediction compiles
        start = time.perf_counter()
        parts = []
        for first in range(0, len(data), BATCH):
            _LOG.info("%s: %s of %s digits", lane, f"{first:,}", f"{len(data):,}")
            parts.append(loaded.predict(data.pixels(first, first + BATCH)))
    except DigitParityError as error:
        return Scores(lane, blank, 0.0, str(error))
    return _scores(lane, np.concatenate(parts), time.perf_counter() - start, checked)


def _scores(lane: Lane, values: Probabilities, seconds: float, checked: bool) -> Scores:
    """A digit's answer counts only when it is finite; otherwise the lane has an error."""
    if not checked:
        return Scores(lane, values, seconds)
    try:
        return Scores(lane, probabilities.check(values), seconds)
    except ModelError as error:
        usable = np.isfinite(values).all(axis=1, keepdims=True)
        return Scores(lane, np.where(usable, values, np.float32(np.nan)), seconds, str(error))


def _in_node(
    data: Dataset, lanes: Sequence[Lane], folder: Path, blank: Probabilities, checked: bool
) -> list[Scores]:
    parts: dict[Lane, list[Probabilities]] = {lane: [] for lane in lanes}
    seconds = dict.fromkeys(lanes, 0.0)
    errors: dict[Lane, str] = {}
    for first in range(0, len(data), NODE_BATCH):
        able = [lane for lane in lanes if lane not in errors]
        if not able:
            break
        names = ", ".join(map(str, able))
        _LOG.info("%s: %s of %s digits", names, f"{first:,}", f"{len(data):,}")
        try:
            runs = node.predict(folder, able, data.pixels(first, first + NODE_BATCH))
        except DigitParityError as error:  # without Node or the bundle no lane can run
            errors |= dict.fromkeys(able, str(error))
            break
        for lane, run in runs.items():
            if run.probabilities is None:
                errors[lane] = run.error or "Node gave no answer."
                continue
            parts[lane].append(run.probabilities)
            seconds[lane] += run.seconds
    return [
        Scores(lane, blank, 0.0, errors[lane])
        if lane in errors
        else _scores(lane, np.concatenate(parts[lane]), seconds[lane], checked)
        for lane in lanes
    ]
