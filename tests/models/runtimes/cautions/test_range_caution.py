"""Who is asked again in another range, and who never is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.dataset import samples
from models.formats import manifest as manifests
from models.formats.model_input import DIGITS
from models.formats.store import SHIPPED
from models.lanes import REFERENCE
from models.parity.inputs import input_scale
from models.runtimes import server_lane
from models.runtimes.cautions import range_caution

SURE = np.eye(10, dtype=np.float32) * np.float32(0.9) + np.float32(0.01)
DULL, VARIED = SURE[np.zeros(40, int)], SURE[np.arange(40) % 10]


class Lane:
    """Answers in variety to pixels from 0 to 255."""

    def __init__(self) -> None:
        self.asked: list[np.ndarray] = []

    def run(self, tensors):
        self.asked.append(tensors[0])
        return (VARIED if tensors[0].max() > 2 else DULL,)


@pytest.fixture
def lane(monkeypatch):
    made = Lane()
    monkeypatch.setattr(server_lane, "load", lambda folder, lane: made)
    return made


def said(folder, **changes):
    manifests.write(replace(manifests.read(SHIPPED), **changes), folder)
    pixels = np.random.default_rng(1).random((40, 28, 28), np.float32)
    given = changes.get("input") or DIGITS
    return range_caution.find(
        samples.of_tensors((given.tensor(pixels),)), REFERENCE, folder, DULL, "again"
    )


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_dull_answers_are_doubted_and_the_option_is_named(tmp_path, lane, dtype):
    sentence = said(tmp_path, input=replace(DIGITS, dtype=dtype))
    assert sentence is not None and sentence.endswith("Run: again --range 0..255")
    assert {each.dtype for each in lane.asked} == {np.dtype(dtype)}


@pytest.mark.parametrize(
    "changes",
    [{"answers": "values"}, {"input": replace(DIGITS, scale=(255.0,), dtype="uint8")}],
)
def test_what_nothing_can_be_told_of_is_not_asked(tmp_path, lane, changes):
    assert said(tmp_path, **changes) is None and lane.asked == []


def test_both_classes_of_a_single_sigmoid_count_as_labels(tmp_path, lane, monkeypatch):
    manifests.write(replace(manifests.read(SHIPPED), answers="sigmoid"), tmp_path)
    seen = []
    monkeypatch.setattr(input_scale, "better", lambda _g, _a, known, *_, **__: seen.append(known))
    pixels = np.random.default_rng(1).random((40, 28, 28), np.float32)
    labels = np.arange(40) % 3
    given = samples.of_tensors((DIGITS.tensor(pixels),), labels)
    one = np.full((40, 1), 0.4, np.float32)
    assert range_caution.find(given, REFERENCE, tmp_path, one, "again") is None
    assert seen[0].tolist() == np.where(labels < 2, labels, -1).tolist()
