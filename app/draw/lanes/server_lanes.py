"""The server's lanes on one digit: asked once, collected as they answer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future, wait

from app.session import shared, state
from models.digit.digit import Digit
from models.errors import ModelError
from models.formats import store
from models.lanes import Lane, LaneResult
from models.runtimes.worker.messages import Answer

# Enough for a median, and no more: the page waits for all three lanes.
REPEATS = 20
BUDGET_MS = 4.0
# A loaded lane answers within milliseconds: worth a short wait, so that a stroke redraws once.
PATIENCE_SECONDS = 0.4


Asked = dict[Lane, Future[Answer]]
KEPT = 128  # digits: those that pages will ask for in a moment
_lock = threading.Lock()
_answers: OrderedDict[tuple[str, str, str], Asked] = OrderedDict()


def futures(digit: Digit, *, model: str) -> Asked:
    """What every lane answers or will answer. Each digit is asked once for all visitors.

    A lane that failed is asked again.
    """
    key = (model, store.version(model), digit.id)
    with _lock:
        found = _answers.pop(key, None)
        if found is None or any(_failed(each) for each in found.values()):
            found = _submit(digit, model)
        _answers[key] = found
        if len(_answers) > KEPT:
            _answers.popitem(last=False)
    return found


def forget_all() -> None:
    """Ask for every digit anew, as a server does that was just started."""
    with _lock:
        _answers.clear()


def _failed(future: Future[Answer]) -> bool:
    return future.done() and future.exception() is not None


def _submit(digit: Digit, model: str) -> Asked:
    worker, folder = shared.tensorflow(), store.folder(model)
    pixels = digit.pixels[None]
    return {
        lane: worker.submit(folder, lane, pixels, repeats=REPEATS, budget_ms=BUDGET_MS, recent=True)
        for lane in store.manifest(model).server_lanes
    }


def ask(digit: Digit, *, model: str) -> None:
    """Let every lane begin with this digit, unless it has begun; nothing is waited for."""
    asked = state.server_answers(digit.id, model)
    if not asked:
        asked.update(futures(digit, model=model))


def lanes(digit: Digit, *, model: str) -> dict[Lane, LaneResult]:
    """The results that are there by now; lanes still loading are left out."""
    ask(digit, model=model)
    wait_for(digit, model=model)
    return results(digit, state.server_answers(digit.id, model))


def results(digit: Digit, asked: Mapping[Lane, Future[Answer]]) -> dict[Lane, LaneResult]:
    """Of the lanes that have answered or failed by now."""
    return {lane: _result(lane, digit, future) for lane, future in asked.items() if future.done()}


def wait_for(digit: Digit, *, model: str) -> None:
    """Give the lanes that were asked a moment to answer, once they have loaded."""
    if shared.tensorflow().ready:
        wait(state.server_answers(digit.id, model).values(), timeout=PATIENCE_SECONDS)


def done(digit: Digit, *, model: str) -> bool:
    """Whether every lane has answered or failed."""
    return all(future.done() for future in state.server_answers(digit.id, model).values())


def _result(lane: Lane, digit: Digit, future: Future[Answer]) -> LaneResult:
    try:
        answer = future.result()
    except ModelError as error:
        return LaneResult(lane, digit.id, error=str(error))
    assert answer.probabilities is not None
    return LaneResult(lane, digit.id, answer.probabilities[0], answer.times)
