"""Asks a model on a few hundred pictures of a set that may have been read otherwise than meant."""

from __future__ import annotations

from pathlib import Path

from models.dataset.dataset import Dataset, Options
from models.dataset.remedy import Remedy
from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats import model_output
from models.lanes import Lane, Pixels, Probabilities
from models.parity.inputs import set_check
from models.runtimes.loaded_lane import LoadedLane


def find(
    data: Dataset, options: Options, lane: Lane, folder: Path, answers: Probabilities
) -> tuple[Remedy, ...]:
    """What would mend a set that was read with these options; see ``set_check``. ``answers``
    (n, classes) are those of ``lane``, the reference of the model in ``folder``, which is asked
    again only where they give reason for doubt.
    """
    manifest = manifests.read(folder)
    loaded: list[LoadedLane] = []

    def ask(pictures: Pixels) -> Probabilities:
        from models.runtimes import server_lane

        if not loaded:
            loaded.append(server_lane.load(folder, lane))
        (values, *_) = loaded[0].run((manifest.pictures().tensor(pictures),))
        return model_output.probabilities(values, manifest.answers)

    try:
        return set_check.found(data, options, ask, answers)
    except ModelError:  # it cannot be asked so; nothing is known then
        return ()
