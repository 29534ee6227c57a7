"""Ready is who reads a digit; however many ask, one digit is read."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from app.session import shared, usable_models
from app.startup import readiness, routes
from models.formats import store
from models.lanes import SERVER_LANES
from tests.app.conftest import FakeWorker, probabilities
from tests.support import asgi, event_loop
from tests.support.asgi import ask

READY = "/served/ready"


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> FakeWorker:
    made = FakeWorker(dict.fromkeys(SERVER_LANES, probabilities(7)))
    monkeypatch.setattr(shared, "tensorflow", lambda: made)
    return made


def told(app: Any = None) -> tuple[int, str]:
    """What a new server says, or ``app``."""
    answer = ask(app or Starlette(routes=routes.routes()), READY)
    return answer[0]["status"], asgi.body(answer).decode()


def test_a_server_that_reads_a_digit_on_every_lane_is_ready(worker: FakeWorker) -> None:
    assert told() == (200, "ready")
    assert worker.asked == list(SERVER_LANES)


def test_it_is_found_below_a_path(worker: FakeWorker) -> None:
    app = Starlette(routes=routes.routes("/shared/parity"))
    assert ask(app, "/shared/parity/served/ready")[0]["status"] == 200


def test_all_who_ask_share_one_answer_for_some_seconds(
    worker: FakeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = Starlette(routes=routes.routes())

    async def many() -> None:
        from starlette.requests import Request

        state = readiness.Readiness()
        request = Request({"type": "http"})
        answers = await asyncio.gather(*(state.respond(request) for _ in range(50)))
        assert {each.status_code for each in answers} == {200}

    event_loop.run(many())
    assert len(worker.asked) == len(SERVER_LANES)
    worker.asked.clear()
    assert [told(app) for _ in range(9)] == [(200, "ready")] * 9
    assert len(worker.asked) == len(SERVER_LANES)
    monkeypatch.setattr(readiness, "KEPT_SECONDS", 0)
    assert told(Starlette(routes=routes.routes()))[0] == 200
    assert len(worker.asked) == 2 * len(SERVER_LANES)


def test_a_server_that_still_loads_is_not_ready_and_asks_nothing(worker: FakeWorker) -> None:
    worker.ready = False
    assert told() == (503, "TensorFlow is loading.")
    worker.trouble = "TensorFlow did not answer for 7 s and was ended."
    assert told() == (503, worker.trouble)
    assert not worker.asked


def test_a_lane_that_fails_is_named_without_a_path(worker: FakeWorker, tmp_path: Path) -> None:
    worker.answers[SERVER_LANES[1]] = ValueError(f"{tmp_path}/model.json is cut")
    assert told() == (503, f"{SERVER_LANES[1]}: model.json is cut")


def test_a_lane_that_does_not_answer_is_not_waited_for(
    worker: FakeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.answers[SERVER_LANES[0]] = None
    monkeypatch.setattr(readiness, "PATIENCE_SECONDS", 0.01)
    assert told() == (503, "TensorFlow did not answer within 0.01 s.")


def test_a_damaged_first_model_is_named(
    worker: FakeWorker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / store.DEFAULT
    folder.mkdir()
    (folder / "manifest.json").write_text("{")
    monkeypatch.setenv("DIGIT_PARITY_MODELS", str(tmp_path))
    assert told() == (503, "The model mnist cannot be used: its manifest.json cannot be read.")
    (folder / "manifest.json").unlink()
    assert usable_models.first() is None
    assert told() == (503, "There is no model that can be used.")


def test_a_server_without_tensorflow_is_ready_for_browsers(
    worker: FakeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "find_spec", lambda _name: None)
    assert told() == (200, "ready") and not worker.asked
