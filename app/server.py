"""The server's lanes on one digit: asked once, collected as they answer."""

from __future__ import annotations

from concurrent.futures import Future, wait

from app import resources, state
from models import store
from models.digit import Digit
from models.errors import ModelError
from models.lanes import Lane, LaneResult
from models.worker import Answer

# Enough for a median, and no more: the page waits for all three lanes.
REPEATS = 20
BUDGET_MS = 4.0
# A loaded lane answers within milliseconds: worth a short wait, so that a stroke redraws once.
PATIENCE_SECONDS = 0.4


def ask(digit: Digit, *, model: str) -> None:
    """Let every lane begin with this digit, unless it has begun; nothing is waited for."""
    asked = state.server_answers(digit.id, model)
    worker = resources.tensorflow()
    for lane in store.manifest(model).server_lanes:
        if lane not in asked:
            asked[lane] = worker.submit(
                store.folder(model),
                lane,
                digit.pixels[None],
                repeats=REPEATS,
                budget_ms=BUDGET_MS,
                recent=True,
            )


def lanes(digit: Digit, *, model: str) -> dict[Lane, LaneResult]:
    """The results that are there by now; lanes still loading are left out."""
    ask(digit, model=model)
    wait_for(digit, model=model)
    asked = state.server_answers(digit.id, model)
    return {lane: _result(lane, digit, future) for lane, future in asked.items() if future.done()}


def wait_for(digit: Digit, *, model: str) -> None:
    """Give the lanes that were asked a moment to answer, once they have loaded."""
    if resources.tensorflow().ready:
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
