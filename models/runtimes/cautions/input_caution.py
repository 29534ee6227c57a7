"""Asks a model on labelled pictures that become its input otherwise, where it reads few right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.dataset.samples import Samples
from models.errors import DigitParityError
from models.formats import manifest as manifests
from models.formats import model_output
from models.lanes import Lane, Probabilities
from models.parity.inputs import other_input
from models.parity.inputs.other_input import Hits, Way
from models.runtimes.cautions import range_caution

_AT_ONCE = 32  # pictures that are made into tensors: of 512×512 in colour they take 100 MB


def find(
    samples: Samples, lane: Lane, folder: Path, answers: Probabilities, again: str
) -> str | None:
    """A sentence where the model in ``folder`` seems to take its pictures otherwise than it is
    given them: in another range of values, or else where it clearly reads more of the labelled ones
    right in another order of colours, made to fit otherwise, or framed otherwise.

    ``answers`` (n, outputs) are those of ``lane``, one of the server, to ``samples``; ``again`` is
    the command to run. At most ``other_input.MOST`` inputs are made and asked again, and only where
    many are read wrong. None without labels, for what takes no pictures or has no classes.
    """
    if said := range_caution.find(samples, lane, folder, answers, again):
        return said
    manifest = manifests.read(folder)
    given, remade = manifest.input, samples.remade
    if given is None or remade is None or manifest.answers == "values" or answers.ndim != 2:
        return None
    outputs = model_output.classes(manifest.answers, answers.shape[1])
    at = np.flatnonzero((samples.labels >= 0) & (samples.labels < outputs))
    few = np.linspace(0, len(at) - 1, min(len(at), other_input.MOST)).astype(np.int64)
    at = at[few]
    now = _hits(answers[at], samples.labels[at])
    if not other_input.is_doubtful(now):
        return None
    found: list[tuple[Way, Hits, Hits]] = []
    for way in other_input.ways(given):
        try:
            kept, made = remade(way.input, at)
            if not kept.any():
                continue
            hits = _hits(_asked(made, lane, folder), made.labels)
        except DigitParityError:  # they cannot become that, or be asked so; nothing is known then
            continue
        if other_input.is_clearly_better(hits, now[kept], outputs):
            found.append((way, hits, now[kept]))
    if not found:
        return None
    way, hits, before = max(found, key=lambda each: float(each[1].mean()))
    return way.sentence(given, hits, before, again)


def _asked(samples: Samples, lane: Lane, folder: Path) -> Probabilities:
    from models.runtimes import server_lane

    loaded = server_lane.load(folder, lane)
    starts = range(0, len(samples), _AT_ONCE)
    return np.concatenate([loaded.run(samples.tensors(at, at + _AT_ONCE))[0] for at in starts])


def _hits(answers: Probabilities, labels: NDArray[np.integer[Any]]) -> Hits:
    alone = answers.shape[1] == 1  # a sigmoid's: of two classes
    top = answers[:, 0] > 0.5 if alone else answers.argmax(axis=1)
    hits: Hits = top == labels
    return hits
