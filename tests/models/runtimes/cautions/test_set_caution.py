"""What the shipped model says of digits that are inverted, turned, pale or labelled wrongly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models import dataset
from models.dataset import Dataset, Options, pixel_data
from models.dataset.remedy import Remedy
from models.formats import manifest as manifests
from models.formats import model_output
from models.formats.store import EXAMPLES, SHIPPED
from models.lanes import REFERENCE
from models.runtimes import server_lane
from models.runtimes.cautions import set_caution
from tests.support import dataset_files as files

DIGITS = dataset.read_path(EXAMPLES, Options(framing="none"))
LANE = server_lane.load(SHIPPED, REFERENCE)
MANIFEST = manifests.read(SHIPPED)


@pytest.fixture(autouse=True)
def loaded_once(monkeypatch):
    monkeypatch.setattr(server_lane, "load", lambda *_: LANE)


def found(data: Dataset, options: Options = dataset.DEFAULTS) -> tuple[Remedy, ...]:
    (values, *_) = LANE.run((MANIFEST.pictures().tensor(data.pixels()),))
    answers = model_output.probabilities(values, MANIFEST.answers)
    return set_caution.find(data, options, REFERENCE, SHIPPED, answers)


def arrays(pixels, labels=None) -> Dataset:
    given = {"x": np.ascontiguousarray(pixels)} | ({} if labels is None else {"y": labels})
    return dataset.read("a.npz", files.npz(**given))


SPOILT = {
    "inverted": lambda x: 255 - x,
    "transposed": lambda x: x.transpose(0, 2, 1),
    "inverted-transposed": lambda x: 255 - x.transpose(0, 2, 1),
    "turned-left": lambda x: np.rot90(x, -1, (1, 2)),
    "turned-right": lambda x: np.rot90(x, 1, (1, 2)),
    "upside-down": lambda x: x[:, ::-1, ::-1],
    "mirrored": lambda x: x[:, :, ::-1],
    "stretched": lambda x: x.astype(np.float32) / 255 / 255,
}


@pytest.mark.parametrize("way", SPOILT)
@pytest.mark.parametrize("labelled", [True, False])
def test_spoilt_pixel_data_is_noticed_and_its_remedy_mends_it(way, labelled):
    labels = DIGITS.labels if labelled else None
    spoilt = np.ascontiguousarray(SPOILT[way](DIGITS.stored))
    (remedy,) = found(arrays(spoilt, labels))
    assert remedy.change == {"pixels": way} and remedy.option == f"--pixels {way}"
    assert remedy.grave and remedy.button.startswith("Take it")
    mended = remedy.applied(Options())
    again = dataset.read("a.npz", files.npz(x=spoilt, y=DIGITS.labels), mended)
    np.testing.assert_allclose(again.stored, DIGITS.stored, atol=2)  # not all are white somewhere
    assert not found(again, mended)


@pytest.mark.parametrize("count", [1, 2, 5, 10, 30, 100])
def test_healthy_digits_alarm_nobody(count):
    at = np.random.default_rng(count).permutation(100)[:count]
    assert not found(arrays(DIGITS.stored[at], DIGITS.labels[at]))
    assert not found(arrays(DIGITS.stored[at]))


@pytest.mark.parametrize("digit", range(10))
def test_a_single_digit_s_pictures_alarm_nobody(digit):
    assert not found(arrays(DIGITS.stored[DIGITS.labels == digit]))


def test_a_few_black_on_white_digits_are_noticed():
    for count in (1, 3, 10):
        (remedy,) = found(arrays(255 - DIGITS.stored[::9][:count]))
        assert remedy.change == {"pixels": "inverted"}


def test_shuffled_labels_are_noticed_and_can_be_ignored():
    shuffled = np.roll(DIGITS.labels, 37)
    (remedy,) = found(arrays(DIGITS.stored, shuffled))
    assert "Sure readings contradict" in remedy.sentence and "shuffled" in remedy.sentence
    assert remedy.change == {"labels": "off"}
    ignored = arrays(DIGITS.stored, shuffled).relabelled("off")
    assert not (ignored.labels >= 0).any() and not found(ignored)


def test_labels_that_are_one_more_are_said_to_be():
    below = DIGITS.labels < 9
    (remedy,) = found(arrays(DIGITS.stored[below], DIGITS.labels[below] + 1))
    assert "nearly all are 1 more than the digit that is read" in remedy.sentence


def named(names, order) -> Dataset:
    data = DIGITS.take(np.array(order, np.int64))
    blank = np.full(len(data), dataset.UNKNOWN, np.int32)
    given = replace(data, names=tuple(names), stored_labels=blank, named=blank < 0)
    return given.relabelled("auto")


def test_names_from_0_to_9_that_sure_readings_contradict_are_said_to_count():
    of_each = [int(np.flatnonzero(DIGITS.labels == digit)[0]) for digit in range(10)]
    names = [f"digit{number}.png" for number in range(10)]
    (right,) = found(named(names, of_each))
    assert not right.grave and right.change == {"labels": "folder"}
    (wrong,) = found(named(names, [*of_each[3:], *of_each[:3]]))
    assert wrong.grave and wrong.change == {"labels": "folder"}
    assert "labels from the file name" in wrong.sentence and "may merely count" in wrong.sentence


def test_numbers_taken_for_a_count_are_offered_where_readings_agree_with_them():
    of_each = [int(np.flatnonzero(DIGITS.labels == digit)[0]) for digit in range(1, 10)]
    names = [f"digit{number}.png" for number in range(1, 10)]
    (agreed,) = found(named(names, of_each))
    assert agreed.grave and agreed.change == {"labels": "name"}
    (counted,) = found(named(names, of_each[::-1]))
    assert not counted.grave and counted.change == {"labels": "name"}
    assert "digit1.png … digit9.png" in counted.sentence


def test_pictures_that_are_all_read_as_one_digit_are_not_blamed_on_their_labels():
    zeros = np.flatnonzero(DIGITS.labels == 0)
    (remedy,) = found(named([f"{at}_x.png" for at in range(10)], [zeros[0]] * 10))
    assert remedy.sentence.startswith("Nearly all pictures are read as 0") and not remedy.change


def test_noise_and_blank_pictures_are_offered_nothing():
    noise = np.random.default_rng(0).integers(0, 256, (60, 28, 28)).astype(np.uint8)
    for pixels in (noise, noise // 4, np.zeros((30, 28, 28), np.uint8), noise[:1]):
        assert not found(arrays(pixels, np.arange(len(pixels)) % 10)), pixels.shape


def test_every_way_has_words():
    assert {each for each in pixel_data.WAYS if each != "as they are"} == set(SPOILT)
