"""A wrong order, fit or framing of labelled pictures is noticed; a right one never is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from models import dataset
from models.dataset import Options, sample_inputs, samples
from models.formats import manifest as manifests
from models.formats.model_input import DIGITS, Input
from models.formats.store import SHIPPED
from models.lanes import REFERENCE
from models.runtimes import server_lane
from models.runtimes.cautions import input_caution

COLOURS = Input((4, 4, 3), framing="none")
GREY = Input((8, 8, 1), framing="none")
COUNT = 60  # pictures, of three classes in turn


class Lane:
    """Knows a picture by its values: answers its class where it was taught it, else the first."""

    def __init__(self, right: Input, pictures: np.ndarray, labels: np.ndarray) -> None:
        taught = right.tensor(pictures)
        self.known = {each.tobytes(): label for each, label in zip(taught, labels, strict=True)}
        self.asked: list[int] = []

    def run(self, tensors):
        self.asked.append(len(tensors[0]))
        return (self.answers(tensors[0]),)

    def answers(self, values):
        classes = [self.known.get(each.tobytes(), 0) for each in values]
        return np.eye(3, dtype=np.float32)[classes] * np.float32(0.8) + np.float32(0.05)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures of 60×40 in a folder for each class, each of one line that goes its own way."""
    random = np.random.default_rng(4)
    for number in range(COUNT):
        (tmp_path / "data" / str(number % 3)).mkdir(parents=True, exist_ok=True)
        picture = Image.new("RGB", (60, 40), "white")
        way = [tuple(each) for each in random.integers(4, (56, 36), (6, 2)).tolist()]
        ImageDraw.Draw(picture).line(way, tuple(random.integers(0, 120, 3).tolist()), 4)
        picture.save(tmp_path / "data" / str(number % 3) / f"{number}.png")
    return tmp_path


def said(folder: Path, monkeypatch, given: Input, right: Input):
    """The sentence, and the lane that was asked, which reads pictures as ``right`` has them."""
    manifest = replace(manifests.read(SHIPPED), input=given, classes=("0", "1", "2"))
    manifest = replace(manifest, tensors=())
    manifests.write(manifest, folder)
    data = dataset.read_path(folder / "data", Options(target=right, classes=manifest.classes))
    lane = Lane(right, data.pixels(), data.labels)
    monkeypatch.setattr(server_lane, "load", lambda folder, _lane: lane)
    found = sample_inputs.find(manifest, folder, folder / "data").samples
    answers = lane.answers(found.tensors()[0])
    return input_caution.find(found, REFERENCE, folder, answers, "again"), lane


@pytest.mark.parametrize(
    "given, changes",
    [
        (COLOURS, {"order": "bgr"}),
        (GREY, {"fit": "cover"}),
        (replace(GREY, fit="cover"), {"fit": "stretch"}),
        (replace(DIGITS, framing="none"), {"framing": "mnist"}),
        (DIGITS, {"framing": "none"}),
    ],
)
def test_the_other_way_is_named_with_its_option(folder, monkeypatch, given, changes):
    sentence, _ = said(folder, monkeypatch, given, replace(given, **changes))
    ((option, value),) = changes.items()
    assert sentence is not None and sentence.endswith(f"Run: again --{option} {value}")
    assert "100.0 % of 60 labelled inputs are read right, and 33.3 % as it is" in sentence


@pytest.mark.parametrize("given", [COLOURS, DIGITS])
def test_where_its_pictures_are_right_nothing_is_asked_or_said(folder, monkeypatch, given):
    sentence, lane = said(folder, monkeypatch, given, given)
    assert sentence is None and lane.asked == []


def test_a_model_that_reads_them_badly_in_every_way_is_not_doubted(folder, monkeypatch):
    sentence, lane = said(folder, monkeypatch, COLOURS, replace(COLOURS, scale=(0.3,)))
    assert sentence is None and lane.asked


def test_few_pictures_of_many_are_made_again(monkeypatch):
    count = 5_000
    data = dataset.read("digits", _npz(count), Options(target=COLOURS, classes=("0", "1")))
    data = replace(data, named=np.ones(count, bool), labels=np.arange(count, dtype=np.int32) % 2)
    made: list[int] = []

    def reread(target, names):
        made.append(len(names))
        return data.take(np.arange(0))

    given = samples.of_pictures(data, COLOURS, reread)
    manifest = replace(manifests.read(SHIPPED), input=COLOURS, classes=("0", "1"))
    monkeypatch.setattr(manifests, "read", lambda _: manifest)
    lane = Lane(COLOURS, data.pixels(0, 1), data.labels[:1])
    monkeypatch.setattr(server_lane, "load", lambda folder, _lane: lane)
    wrong = np.eye(2, dtype=np.float32)[1 - data.labels] * np.float32(0.8)
    assert input_caution.find(given, REFERENCE, SHIPPED, wrong, "again") is None
    assert made and max(made) <= 256 and lane.asked[-8:] == [32] * 8  # one other order


@pytest.mark.parametrize("label", [dataset.UNKNOWN, 5])
def test_without_labels_of_its_classes_nothing_is_made_again(monkeypatch, label):
    manifest = replace(manifests.read(SHIPPED), input=COLOURS, classes=("0", "1"))
    monkeypatch.setattr(manifests, "read", lambda _: manifest)
    data = dataset.read("digits", _npz(40), Options(target=COLOURS, classes=("0", "1")))
    given = samples.of_pictures(replace(data, labels=np.full(40, label, np.int32)), COLOURS)
    answers = np.eye(2, dtype=np.float32)[np.arange(40) % 2]
    assert input_caution.find(given, REFERENCE, SHIPPED, answers, "again") is None


def _npz(count: int) -> bytes:
    import io

    file, random = io.BytesIO(), np.random.default_rng(2)
    pictures = random.integers(0, 256, (count, 4, 4, 3)).astype(np.uint8)
    np.savez(file, x=pictures, y=np.arange(count) % 2)
    return file.getvalue()


def test_pictures_of_other_names_and_arrays_are_not_read_again(folder):
    np.savez(folder / "data" / "more.npz", x=np.zeros((3, 8, 8), np.uint8), y=np.zeros(3, int))
    options = Options(target=GREY, classes=("0", "1", "2"))
    again = dataset.reread(folder / "data", options)
    found = again(replace(GREY, fit="cover"), ["1/1.png", "2/5.png", "none.png"])
    assert found.names == ("1/1.png", "2/5.png") and found.stored.shape == (2, 8, 8)
