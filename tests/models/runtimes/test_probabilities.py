"""An answer with values that are not finite is refused, whichever lane gives it."""

from __future__ import annotations

import numpy as np
import pytest

from models import dataset
from models.errors import ModelError
from models.formats.store import SHIPPED
from models.lanes import REFERENCE
from models.runtimes import predict_set, probabilities
from models.runtimes.ask import Answered
from models.runtimes.worker.lanes import TimedLane
from models.runtimes.worker.messages import Request
from tests.support import dataset_files as files


def rows(count: int) -> np.ndarray:
    return np.full((count, 10), 0.1, np.float32)


class Lane:
    """A lane that answers ``values``."""

    load_ms = 1.0

    def __init__(self, values: np.ndarray) -> None:
        self.values = values

    def predict(self, pixels: np.ndarray) -> np.ndarray:
        return self.values[: len(pixels)]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_counted_by_digit(value):
    broken = rows(4)
    broken[1:3, 5:7] = value
    with pytest.raises(ModelError, match="answer, to 2 of 4 inputs, holds values that are no num"):
        probabilities.check(broken)
    with pytest.raises(ModelError, match="lane's answer holds"):
        probabilities.check(broken[1:2])


def test_probabilities_may_be_rounded_and_logits_are_refused():
    assert probabilities.check(rows(2) * 0 + 1.0005) is not None
    with pytest.raises(ModelError, match=r"from -3 to 0\.1\. Expected probabilities"):
        probabilities.check(np.where(np.eye(2, 10), np.float32(-3), rows(2)))


def test_a_lane_of_the_server_that_answers_no_numbers_has_not_answered():
    lane = TimedLane(Lane(rows(1) * np.nan), 1.0)
    with pytest.raises(ModelError, match="no numbers"):
        lane.answer(Request(1, None, REFERENCE, np.zeros((1, 28, 28), np.float32)))


def test_in_a_set_only_the_digits_with_numbers_count_and_the_lane_says_so(monkeypatch):
    values = rows(5)
    values[[1, 3], 4] = np.nan
    answered = [Answered(REFERENCE, (values,), 1.0)]
    monkeypatch.setattr(predict_set.ask, "ask", lambda *_: answered)
    data = dataset.read("a.npz", files.npz(x=files.digits(5)))
    (scores,) = predict_set.predict(data, [REFERENCE], SHIPPED)
    assert scores.done.tolist() == [True, False, True, False, True]
    assert scores.error is not None and "2 of 5 inputs" in scores.error
