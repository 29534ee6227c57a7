"""The server's lanes on one digit: requests are sent once, answers collected as they come."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future

from app.draw.reading import lane_result
from app.frontend import lane_wire
from app.session import shared
from models.digit.digit import Digit
from models.errors import ModelError
from models.formats import store
from models.formats.manifest import Manifest
from models.lanes import Lane, LaneResult, Weights
from models.runtimes.worker.messages import Answer

# Just enough for a median: the page waits for all three lanes.
REPEATS = 20
BUDGET_MS = 4.0

Futures = dict[Lane, Future[Answer]]
KEPT = 128  # digits; pages request a digit again within moments
_lock = threading.Lock()
_answers: OrderedDict[tuple[str, str, Weights, str], Futures] = OrderedDict()


def futures(digit: Digit, *, model: str, weights: Weights = "float32") -> Futures:
    """Every lane's answer, now or later. All visitors share one request for each digit.

    If a lane failed, all are requested again.
    """
    key = (model, store.version(model), weights, digit.id)
    with _lock:
        pending = _answers.pop(key, None)
        if pending is None or any(_failed(each) for each in pending.values()):
            pending = _submit(digit, model, weights)
        _answers[key] = pending
        if len(_answers) > KEPT:
            _answers.popitem(last=False)
    return pending


def forget_all() -> None:
    """Clear the cache of answers, as if the server had just started."""
    with _lock:
        _answers.clear()


def _failed(future: Future[Answer]) -> bool:
    return future.done() and future.exception() is not None


def _submit(digit: Digit, model: str, weights: Weights) -> Futures:
    worker, folder = shared.tensorflow(), store.folder(model)
    pixels = digit.pixels[None]
    return {
        lane: worker.submit(folder, lane, pixels, repeats=REPEATS, budget_ms=BUDGET_MS, recent=True)
        for lane in lane_wire.server_lanes(store.manifest(model), weights)
    }


def results(
    digit: Digit, futures: Mapping[Lane, Future[Answer]], manifest: Manifest
) -> dict[Lane, LaneResult]:
    """The results of the lanes that have answered or failed."""
    return {
        lane: _result(lane, digit, future, manifest)
        for lane, future in futures.items()
        if future.done()
    }


def _result(lane: Lane, digit: Digit, future: Future[Answer], manifest: Manifest) -> LaneResult:
    try:
        answer = future.result()
    except ModelError as error:
        return LaneResult(lane, digit.id, error=str(error))
    assert answer.probabilities is not None
    return lane_result.of(lane, digit.id, answer.probabilities[0], answer.times, manifest)
