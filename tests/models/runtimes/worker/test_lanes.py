"""What TensorFlow's process keeps of loaded lanes, for how long, and what it answers."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from models.errors import ModelError
from models.formats import manifest
from models.formats.manifest import FileRecord, Manifest
from models.formats.model_input import Input
from models.lanes import CONVERTED, REFERENCE, TENSORFLOW, Lane
from models.runtimes import server_lane
from models.runtimes.loaded_lane import LoadedLane
from models.runtimes.worker import lanes
from models.runtimes.worker.messages import Request

NOW = 100.0
SIZES = {"keras": 40, "graph": 30, "layers": 50}  # bytes of files
PHOTO = Input((4, 6, 3), (255.0,), framing="none")


@pytest.mark.parametrize(
    ("age", "times", "wanted"),
    [
        (0.0, lanes.ENOUGH, False),
        (lanes.RENEW_SECONDS, lanes.ENOUGH, False),
        (lanes.RENEW_SECONDS + 0.1, lanes.ENOUGH, True),
        (0.0, lanes.ENOUGH - 1, True),
        (0.0, 0, True),
    ],
    ids=["just taken", "recent", "old", "too few", "none"],
)
def test_times_are_measured_again_when_they_are_old_or_too_few(monkeypatch, age, times, wanted):
    monkeypatch.setattr(lanes, "time", SimpleNamespace(monotonic=lambda: NOW))
    lane = LoadedLane(REFERENCE, (), 10, 1.0, lambda pixels: pixels)
    timed = lanes.TimedLane(lane, 1.0, steady_ms=(1.0,) * times, timed_at=NOW - age)
    assert timed.wants_time is wanted


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model of colour pictures, of which each lane gives the logits 0 and 3."""
    paths = {"keras": "model.h5"} | {form: f"{form}/model.json" for form in CONVERTED}
    files = {paths[form]: FileRecord("", size) for form, size in SIZES.items()}
    made = Manifest("toy", "Toy", ("cat", "dog"), paths, files, PHOTO, answers="logits")
    manifest.write(made, tmp_path)

    def call(tensors):
        (batch,) = tensors
        assert batch.shape[1:] == PHOTO.shape and batch.max() in (0, 255)
        return (np.tile(np.float32([0, 3]), (len(batch), 1)),)

    def load(folder, lane):
        return LoadedLane(lane, made.takes, 2, 1.0, call, made.input)

    monkeypatch.setattr(server_lane, "load", load)
    return tmp_path


def ask(memory, folder, form="keras", pixels=None):
    request = Request(1, folder, Lane(form, TENSORFLOW), pixels)
    return lanes.load(memory, lanes.key_of(request)).answer(request)


def test_a_lane_is_loaded_and_answers_pictures_of_its_models_shape_with_what_the_model_gives(model):
    memory: dict = {}
    loaded = ask(memory, model)
    assert loaded.probabilities is None and loaded.times.first_ms is not None and len(memory) == 1
    answered = ask(memory, model, pixels=np.ones((3, 4, 6, 3), np.float32))
    np.testing.assert_array_equal(answered.probabilities, [[0, 3]] * 3)


def test_answers_that_are_no_logits_of_probabilities_are_refused(model, monkeypatch):
    whole = manifest.read(model)
    manifest.write(Manifest(**vars(whole) | {"answers": "probabilities"}), model)
    with pytest.raises(ModelError, match=r"from 0 to 3\. Expected probabilities"):
        ask({}, model, pixels=np.ones((1, 4, 6, 3), np.float32))


def every(folder, monkeypatch, *given, repeats=3):
    """What a request for every prediction gets of a lane that gives these, one after another."""
    left = iter(given)
    lane = LoadedLane(REFERENCE, (), 2, 1.0, lambda _: (np.float32([next(left)]),))
    monkeypatch.setattr(LoadedLane, "predict", lambda self, _: self.call(())[0])
    monkeypatch.setattr(server_lane, "load", lambda folder, _: lane)
    pixels = np.ones((1, 4, 6, 3), np.float32)
    request = Request(1, folder, REFERENCE, pixels, repeats, 1e9, every=True)
    return lanes.load({}, lanes.key_of(request)).answer(request)


def test_every_predictions_answer_is_given_the_first_of_a_blank_picture_too(model, monkeypatch):
    found = every(model, monkeypatch, [5, 5], [0, 1], [2, 3], [4, 5], [6, 7])
    assert found.blank.tolist() == [[5, 5]]
    assert [each.tolist() for each in found.every] == [[[0, 1]], [[2, 3]], [[4, 5]], [[6, 7]]]
    assert len(found.times.steady_ms) == len(found.every)
    assert found.probabilities.tolist() == [[6, 7]]


def test_every_answer_is_given_whatever_it_is(model, monkeypatch):
    whole = manifest.read(model)
    manifest.write(Manifest(**vars(whole) | {"answers": "probabilities"}), model)
    found = every(model, monkeypatch, [0, 1], [0, 1], [np.nan, 1], [np.nan, 1], [0, 9])
    np.testing.assert_array_equal(np.concatenate(found.every)[:, 1], [1, 1, 1, 9])
    assert np.isnan(found.every[1]).sum() == 1


def test_equal_answers_are_sent_once(model, monkeypatch):
    found = every(model, monkeypatch, [9, 9], *[[np.nan, 1]] * 2, *[[0.0, 1]] * 2)
    one, two, three, four = found.every
    assert one is two and three is four and two is not three


def test_nobody_is_given_every_answer_unasked(model):
    found = ask({}, model, pixels=np.ones((1, 4, 6, 3), np.float32))
    assert found.every == () and found.blank is None


def kept_bytes(monkeypatch, most):
    """Let the files of what is kept have this many bytes."""
    limit = SimpleNamespace(value=most / 1_000_000)
    monkeypatch.setattr(lanes, "model_limits", SimpleNamespace(KEPT=limit))


def test_what_was_used_longest_ago_is_forgotten_when_the_files_have_no_room(model, monkeypatch):
    kept_bytes(monkeypatch, SIZES["keras"] + SIZES["layers"])
    now = iter(range(1000))
    clock = SimpleNamespace(monotonic=lambda: next(now), perf_counter=lambda: next(now))
    monkeypatch.setattr(lanes, "time", clock)
    memory: dict = {}

    def kept():
        return {lane.format for _, _, lane in memory}

    ask(memory, model, "keras")
    ask(memory, model, "graph")
    ask(memory, model, "keras")
    ask(memory, model, "layers")
    assert kept() == {"keras", "layers"}
    kept_bytes(monkeypatch, 1)
    ask(memory, model, "graph")
    assert kept() == {"graph"}, "the one that is asked for is loaded, however large"
