"""Whether a set seems to be read as it is meant: asked of the server's reference, part by part."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

import numpy as np

from app.upload import bounds
from models.dataset import Dataset, Options
from models.dataset.remedy import Remedy
from models.errors import InputError, ModelError
from models.formats import model_output
from models.formats.manifest import Manifest
from models.lanes import Pixels, Probabilities
from models.parity.inputs import set_check
from models.runtimes.worker.client import TensorFlowWorker
from models.runtimes.worker.messages import Answer


class Check:
    """What would mend a set. ``remedies`` are None until the reference has answered; a reference
    that cannot answer leaves those that names alone tell.
    """

    def __init__(self, data: Dataset, options: Options, folder: Path, manifest: Manifest) -> None:
        self.remedies: tuple[Remedy, ...] | None = None
        self._folder, self._manifest = folder, manifest
        self._by_names = tuple(set_check.of_names(data, options))
        self._asking = set_check.check(data, options)
        self._futures: list[Future[Answer]] = []
        self._begun = False

    def go_on(self, worker: TensorFlowWorker) -> bool:
        """Ask what is to be asked next, if all is answered; whether the check has ended."""
        try:
            while self.remedies is None and all(each.done() for each in self._futures):
                pictures = self._asking.send(self._answers()) if self._begun else next(self._asking)
                self._begun = True
                self._futures = [
                    worker.submit(self._folder, self._manifest.reference, part)
                    for part in _parts(pictures)
                ]
        except StopIteration as ended:
            self.remedies = ended.value
        except (ModelError, InputError):
            self.remedies = self._by_names
        return self.remedies is not None

    def _answers(self) -> Probabilities:
        answered = [each.result().probabilities for each in self._futures]
        values = np.concatenate([each for each in answered if each is not None])
        return model_output.probabilities(values, self._manifest.answers)


def _parts(pictures: Pixels) -> list[Pixels]:
    """As many at once as a stroke may wait for."""
    return [
        pictures[start : start + bounds.BATCH] for start in range(0, len(pictures), bounds.BATCH)
    ]
