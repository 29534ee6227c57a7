import json

import numpy as np
import pytest

from models import dataset
from models.lanes import REFERENCE, Lane
from models.parity import scores
from models.parity.scores import Scores
from tests.support import dataset_files as files

GRAPH = Lane("graph", "tfjs/wasm")


@pytest.fixture
def four() -> dataset.Dataset:
    """Four digits, labelled 0, 1 and 2; the last has no label."""
    read = dataset.read("a.npz", files.npz(x=files.digits(4), y=np.arange(4)))
    read.labels[3] = dataset.UNKNOWN
    return read


def answers(*tops: int | None, sure: float = 1.0) -> np.ndarray:
    rows = [np.full(10, np.nan if top is None else (1 - sure) / 9) for top in tops]
    for row, top in zip(rows, tops, strict=True):
        if top is not None:
            row[top] = sure
    return np.array(rows, np.float32)


def test_a_lane_that_was_stopped_counts_what_it_did(four):
    reference = Scores(REFERENCE, answers(0, 1, 2, 3), 2.0)
    stopped = Scores(GRAPH, answers(0, 5, None, None), 1.0)
    figures = scores.lane_figures(four, stopped, reference)
    assert figures["images"] == 2 and figures["accuracy"] == figures["agreement"] == 0.5
    assert figures["images_per_second"] == 2 and figures["ms_per_image"] == 500
    assert figures["confusion"][1][5] == 1 and np.sum(figures["confusion"]) == 2
    assert scores.pair_figures([reference, stopped])[0]["images"] == 2


def test_a_lane_that_did_nothing_has_no_figures_and_no_pair(four):
    reference = Scores(REFERENCE, answers(0, 1, 2, 3), 2.0)
    nothing = Scores(GRAPH, answers(None, None, None, None), 0.0, "It failed.")
    figures = scores.lane_figures(four, nothing, reference)
    assert figures["accuracy"] is figures["agreement"] is figures["images_per_second"] is None
    assert figures["error"] == "It failed."
    report = scores.report(four, [reference, nothing])
    assert report["pairs"] == [] and report["labelled"] == 3
    assert json.loads(json.dumps(report, allow_nan=False)) == report


def test_disagreement_and_differences_use_what_was_answered():
    one = Scores(REFERENCE, answers(0, 1, 2, None), 1.0)
    other = Scores(GRAPH, answers(0, 5, None, None, sure=0.91), 1.0)
    assert scores.disagree([one, other]).tolist() == [False, True, False, False]
    expected = [0.09, 0.99, np.nan, np.nan]
    np.testing.assert_allclose(scores.differences(one, other), expected, atol=1e-6)
    np.testing.assert_allclose(scores.largest_differences([one, other]), expected, atol=1e-6)
    assert np.isnan(scores.largest_differences([one])).all()


def test_of_many_classes_the_confused_pairs_are_listed_and_the_top_five_counted():
    labels = np.arange(4)
    data = dataset.read("a.npz", files.npz(x=files.digits(4), y=labels))
    values = np.full((4, 345), 0.001, np.float32)
    values[np.arange(4), [0, 7, 7, 3]] = 0.6
    values[1, 1] = 0.2
    values[2, 100:110] = 0.01
    figures = scores.lane_figures(data, Scores(REFERENCE, values, 1.0), None)
    assert figures["accuracy"] == 0.5 and figures["top5_accuracy"] == 0.75
    assert "confusion" not in figures
    assert figures["confused"] == [
        {"label": 1, "read": 7, "images": 1},
        {"label": 2, "read": 7, "images": 1},
    ]


def test_the_spread_of_many_answers_is_found_in_parts(monkeypatch):
    random = np.random.default_rng(2)
    lanes = [Scores(REFERENCE, random.random((50, 10), np.float32), 1.0) for _ in range(3)]
    lanes[1].probabilities[7] = np.nan
    whole = scores.largest_differences(lanes)
    monkeypatch.setattr(scores, "_VALUES", 100)
    np.testing.assert_array_equal(scores.largest_differences(lanes), whole)
