"""Predicts a dataset of pictures with any lanes of a classifier, for its probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from models.dataset import Dataset, samples
from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import model_output
from models.formats.manifest import Manifest
from models.lanes import Lane
from models.parity.scores import Scores
from models.runtimes import ask, probabilities
from models.runtimes.ask import Answered


def predict(data: Dataset, lanes: Sequence[Lane], folder: Path) -> list[Scores]:
    """Predict a dataset of at least one picture with ``lanes`` of the classifier in ``folder``.

    Returns one Scores for each lane, in order. A lane that fails has an ``error`` and no
    probabilities, and the others go on; so has one whose answer is no probability. Raises
    ModelError without a readable manifest, and for a model that takes no pictures.
    """
    manifest = manifests.read(folder)
    given = samples.of_pictures(data, manifest.pictures())
    return [_scores(each, manifest, len(data)) for each in ask.ask(given, lanes, folder)]


def _scores(answered: Answered, manifest: Manifest, count: int) -> Scores:
    """A picture's answer counts only when it is finite; otherwise the lane has an error."""
    lane, seconds = answered.lane, answered.seconds
    if answered.error is not None:
        blank = np.full((count, len(manifest.classes)), np.nan, np.float32)
        return Scores(lane, blank, 0.0, answered.error)
    values = model_output.probabilities(answered.outputs[0], manifest.answers)
    try:
        return Scores(lane, probabilities.check(values), seconds)
    except ModelError as error:
        usable = np.isfinite(values).all(axis=1, keepdims=True)
        return Scores(lane, np.where(usable, values, np.float32(np.nan)), seconds, str(error))
