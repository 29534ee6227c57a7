"""Whether a set reads as it is meant, asked of a reference that answers late, or never."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace

import numpy as np
import pytest

from app.upload import bounds
from app.upload.check import Check
from models import dataset
from models.dataset import Options
from models.errors import ModelError
from models.formats import manifest as manifests
from models.formats.store import SHIPPED
from models.lanes import Times
from models.runtimes.worker.messages import Answer
from tests.support import dataset_files as files

MANIFEST = manifests.read(SHIPPED)


class Worker:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[np.ndarray, Future[Answer]]] = []

    def submit(self, _folder, lane, pixels, **_limits):
        assert lane == MANIFEST.reference
        self.asked.append((pixels, Future()))
        return self.asked[-1][1]

    def answer(self, digit: int = 3) -> None:
        for pixels, future in self.asked:
            answers = np.tile(np.eye(10, dtype=np.float32)[digit], (len(pixels), 1))
            if not future.done():
                future.set_result(Answer(0, answers, Times()))


def check(data, options: Options = dataset.DEFAULTS) -> Check:
    return Check(data, options, SHIPPED, MANIFEST)


def counted():
    return dataset.read_many([(f"digit{at}.png", files.picture()) for at in range(1, 4)])


def test_it_asks_for_no_more_at_once_than_a_stroke_may_wait_for_and_ends_when_all_is_answered():
    labels = np.arange(600) % 10
    data = dataset.read("a.npz", files.npz(x=np.zeros((600, 28, 28), np.uint8), y=labels))
    worker, one = Worker(), check(data)
    assert not one.go_on(worker) and not one.go_on(worker)
    assert [len(pixels) for pixels, _ in worker.asked] == [bounds.BATCH, bounds.BATCH]
    while not one.go_on(worker):
        worker.answer()
    assert one.remedies is not None
    assert one.remedies[0].sentence.startswith("Nearly all pictures are read as 3")


def test_a_reference_that_fails_leaves_what_names_tell():
    worker, one = Worker(), check(counted())
    assert not one.go_on(worker)
    worker.asked[0][1].set_exception(ModelError("It is gone."))
    assert one.go_on(worker) and one.remedies is not None
    assert [each.change for each in one.remedies] == [{"labels": "name"}]


@pytest.mark.parametrize("classes", [("a", "b"), tuple("ABCDEFGHIJ")])
def test_a_model_of_other_classes_is_asked_nothing(classes):
    data = dataset.read("a.npz", files.npz(x=files.digits(3)), Options(classes=classes))
    worker, one = Worker(), check(data, replace(dataset.DEFAULTS, classes=classes))
    assert one.go_on(worker) and one.remedies == () and not worker.asked
