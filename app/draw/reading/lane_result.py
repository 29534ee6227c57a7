"""A lane's own answers → what the page shows of them, and what is judged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.formats import model_output
from models.formats.manifest import Manifest
from models.lanes import Lane, LaneResult, Times


def of(
    lane: Lane, digit_id: str, answers: NDArray[np.float32], times: Times, manifest: Manifest
) -> LaneResult:
    """The result of a lane that gave ``answers``, (outputs,) float32.

    Pages show probabilities, also of logits; judged are the answers themselves.
    """
    if answers.size != outputs(manifest):  # a format of another model
        said = f"It gives {answers.size:,} numbers for a picture, not {outputs(manifest):,}."
        return LaneResult(lane, digit_id, error=said)
    if manifest.answers == "probabilities":
        return LaneResult(lane, digit_id, answers, times)
    shown = model_output.probabilities(answers[None], manifest.answers)[0]
    return LaneResult(lane, digit_id, shown, times, answers=answers)


def outputs(manifest: Manifest) -> int:
    """How many numbers a lane gives for one picture."""
    if not manifest.outputs:  # a manifest of an older version: a number for each class
        return len(manifest.classes)
    return int(np.prod(manifest.outputs[0].whole))
