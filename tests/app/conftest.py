"""The Draw page with fake lanes: no TensorFlow, no browser."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from app.draw import studio
from app.draw.reading import endpoint, server_lanes
from app.session import shared
from models.digit.digit import Digit
from models.errors import ModelError
from models.formats import store
from models.lanes import CONVERTED, SERVER_LANES, Backend, Lane, Times
from models.runtimes.worker.messages import Answer
from tests.support.asgi import ask, body

APP = Starlette(routes=endpoint.routes())
DASHBOARD = Path(__file__).resolve().parents[2] / "app" / "dashboard.py"


def probabilities(top: int, confidence: float = 0.99) -> np.ndarray:
    """Ten probabilities, ``confidence`` for ``top`` and the rest shared evenly."""
    values = np.full(10, (1 - confidence) / 9, np.float32)
    values[top] = confidence
    return values


@dataclass
class FakeWorker:
    """Answers at once with what a test sets; an Exception fails, None never answers."""

    answers: dict[Lane, np.ndarray | Exception | None]
    ready: bool = True
    trouble: str = ""
    asked: list[Lane] = field(default_factory=list)
    held_back: int = 0

    def hold_back(self) -> None:
        self.held_back += 1

    def submit(
        self, folder: Path, lane: Lane, pixels: np.ndarray, **_limits: Any
    ) -> Future[Answer]:
        self.asked.append(lane)
        future: Future[Answer] = Future()
        answer = self.answers[lane]
        if isinstance(answer, Exception):
            future.set_exception(answer)
        elif answer is not None:
            future.set_result(self.answer(answer))
        return future

    def answer(self, values: np.ndarray) -> Answer:
        return Answer(0, values[None], Times(30.0, 12.0, (0.5, 0.6, 0.7)))

    def close(self) -> None: ...


@dataclass
class Stage:
    """What the lanes answer. ``run`` shows the page, ``read`` posts a picture as the page does."""

    worker: FakeWorker
    backend: Backend | None = "wasm"
    fallback: str | None = None
    in_browser: dict[str, np.ndarray | str] | None = None
    mounted: list[dict[str, Any]] = field(default_factory=list)
    told: dict[str, Any] | None = None  # what the component tells Streamlit at the next run

    def says(self, values: np.ndarray) -> None:
        """All five lanes give these probabilities."""
        self.worker.answers = dict.fromkeys(SERVER_LANES, values)
        self.in_browser = dict.fromkeys(CONVERTED, values)

    def fails(self, lane: Lane, reason: str) -> None:
        self.worker.answers[lane] = ModelError(reason)

    def mount(self, *, key: str, data: dict[str, Any], on_visit_change: Callable[[], None]) -> None:
        """Replaces the component, which needs a browser."""
        json.dumps(data, allow_nan=False)
        self.mounted.append(data)
        if self.told is not None:
            st.session_state[key], self.told = {"visit": self.told}, None
            on_visit_change()

    def run(self, **query: str) -> AppTest:
        test = AppTest.from_file(str(DASHBOARD), default_timeout=30)
        for name, value in query.items():
            test.query_params[name] = value
        test.run()
        assert not test.exception
        return test

    def post(self, digit: Digit, model: str = "mnist", **changed: Any) -> dict[str, Any]:
        """What the page posts of a picture, with what the browser's lanes answer."""
        posted: dict[str, Any] = {
            "digit": base64.b64encode(digit.levels).decode(),
            "asked": "auto",
            "backend": self.backend,
            "fallback": self.fallback,
            "environment": {},
            "lanes": None,
            "wanted": [],
        }
        if self.in_browser is not None:
            posted["lanes"] = [self._answer(form) for form in store.manifest(model).lanes
                               if form in CONVERTED]  # fmt: skip
        return posted | changed

    def _answer(self, form: str) -> dict[str, Any]:
        assert self.in_browser is not None
        answer = self.in_browser[form]
        given = {"format": form, "loadMs": 70.0, "firstMs": 9.0, "steadyMs": [0.2, 0.3]}
        if isinstance(answer, str):
            return given | {"probabilities": None, "error": answer}
        return given | {"probabilities": [float(each) for each in answer], "error": None}

    def read(
        self, digit: Digit | None = None, model: str = "mnist", **changed: Any
    ) -> list[dict[str, Any]]:
        """The lines that the endpoint answers, for the digit that a newcomer sees unless given."""
        posted = self.post(digit or shared.first_example(), model, **changed)
        path = f"/{endpoint.URL_PATH}/{model}"
        answer = ask(APP, path, posted=json.dumps(posted).encode(), method="POST")
        assert answer[0]["status"] == 200, body(answer)
        return [json.loads(line) for line in body(answer).splitlines()]


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    """All five lanes read 7, the digit that a newcomer sees."""
    stage = Stage(FakeWorker({}))
    stage.says(probabilities(7))
    monkeypatch.setattr(shared, "tensorflow", lambda: stage.worker)
    server_lanes.forget_all()
    # Importing the canvas's package needs a running server.
    monkeypatch.setattr(studio, "_component", lambda: stage.mount)
    return stage


@pytest.fixture
def text() -> Callable[[AppTest], str]:
    """All text of a page, including its own HTML."""

    def read(test: AppTest) -> str:
        html = [element.proto.body for element in test.get("html")]
        plain = [
            element.value for kind in ("markdown", "caption", "error") for element in test.get(kind)
        ]
        return "\n".join([*html, *map(str, plain)])

    return read
