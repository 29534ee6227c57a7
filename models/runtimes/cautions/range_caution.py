"""Asks a model on other ranges of values, where its answers give reason to doubt the one given."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from models.dataset.samples import Samples
from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import model_output
from models.lanes import Lane, Probabilities
from models.parity.inputs import input_scale, other_input
from models.parity.inputs.input_scale import Scale
from models.runtimes.loaded_lane import LoadedLane


def find(
    samples: Samples, lane: Lane, folder: Path, answers: Probabilities, again: str
) -> str | None:
    """A sentence where the model in ``folder`` seems to take its pixels in another range.

    ``answers`` (n, outputs) are those of ``lane``, one of the server, to ``samples``; ``again`` is
    the command to run, without its ``--range``. The lane is asked again only where its answers give
    reason for doubt. None for a model that takes no pictures, takes whole numbers, scales each
    channel by itself, or has no classes: nothing can be told of these.
    """
    manifest = manifests.read(folder)
    taken = manifest.input
    if taken is None or {len(taken.scale), len(taken.offset)} != {1} or answers.ndim != 2:
        return None
    if manifest.answers == "values" or np.issubdtype(taken.dtype, np.integer):
        return None
    given = Scale(taken.scale[0], taken.offset[0])
    at = np.unique(np.linspace(0, len(samples) - 1, other_input.MOST).astype(np.int64))
    few = samples.take(at)
    classes = model_output.classes(manifest.answers, answers.shape[1])
    known = np.where(few.labels < classes, few.labels, -1)
    loaded: list[LoadedLane] = []

    def ask(scale: Scale) -> Probabilities:
        from models.runtimes import server_lane

        if not loaded:
            loaded.append(server_lane.load(folder, lane))
        (tensor,) = few.tensors()
        pixels = (tensor - np.float32(given.offset)) / np.float32(given.factor)
        moved = pixels * np.float32(scale.factor) + np.float32(scale.offset)
        return loaded[0].run((moved.astype(tensor.dtype),))[0]

    try:
        generated = samples.remade is None  # what nobody took, or arrays that may be anything
        found = input_scale.better(given, answers[at], known, ask, generated=generated)
    except ModelError:  # it cannot be asked so; nothing is known then
        return None
    return None if found is None else found.sentence(again)
