"""The Draw page with fake lanes: no TensorFlow, no browser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app.draw.canvas import canvas, drawable_canvas, example_digits
from app.draw.lanes import browser_lanes, server_lanes
from app.draw.lanes.browser_answers import BrowserAnswers
from app.draw.results import result_component, results
from app.draw.results.result_view_model import Reading
from app.session import shared
from models.digit.digit import Digit
from models.errors import ModelError
from models.lanes import CONVERTED, SERVER_LANES, Backend, Lane, LaneResult, Times
from models.runtimes.worker.messages import Answer

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
            times = Times(30.0, 12.0, (0.5, 0.6, 0.7))
            future.set_result(Answer(0, answer[None], times))
        return future

    def close(self) -> None: ...


@dataclass
class Stage:
    """What the lanes answer and what is drawn. ``run`` shows the page."""

    worker: FakeWorker
    drawing: Sequence[dict[str, Any]] = ()
    backend: Backend | None = "wasm"
    fallback: str | None = None
    in_browser: dict[str, np.ndarray | str] | None = None
    readings: list[Reading] = field(default_factory=list)

    def says(self, values: np.ndarray) -> None:
        """All five lanes give these probabilities."""
        self.worker.answers = dict.fromkeys(SERVER_LANES, values)
        self.in_browser = dict.fromkeys(CONVERTED, values)

    def fails(self, lane: Lane, reason: str) -> None:
        self.worker.answers[lane] = ModelError(reason)

    def browser_answers(self, digit: Digit | None, **_asked: Any) -> BrowserAnswers | None:
        if digit is None or self.in_browser is None:
            return None
        results = []
        for form in CONVERTED:
            lane, answer = Lane(form, f"tfjs/{self.backend or 'wasm'}"), self.in_browser[form]
            if isinstance(answer, str):
                results.append(LaneResult(lane, digit.id, error=answer))
            else:
                results.append(LaneResult(lane, digit.id, answer, Times(70.0, 9.0, (0.2, 0.3))))
        return BrowserAnswers(digit.id, self.backend, self.fallback, tuple(results))

    def show(self, reading: Reading, **_where: str) -> None:
        """Replaces the component, which needs a browser."""
        self.readings.append(reading)
        st.html("".join(reading.parts.values()))

    def run(self) -> AppTest:
        test = AppTest.from_file(str(DASHBOARD), default_timeout=30).run()
        assert not test.exception
        return test


def plain_buttons(digits: Sequence[Digit], on_pick: Callable[[Digit], None]) -> None:
    """Replaces the component, which needs a browser."""
    for number, digit in enumerate(digits):
        st.button(f"Ready digit {number}", on_click=on_pick, args=(digit,))


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    """All five lanes read 7, the digit that a newcomer sees."""
    stage = Stage(FakeWorker({}))
    stage.says(probabilities(7))
    monkeypatch.setattr(shared, "tensorflow", lambda: stage.worker)
    monkeypatch.setattr(browser_lanes, "mount", lambda *_, **__: None)
    monkeypatch.setattr(browser_lanes, "answers", stage.browser_answers)
    server_lanes.forget_all()
    monkeypatch.setattr(result_component, "mount", stage.show)
    monkeypatch.setattr(example_digits, "show", plain_buttons)
    monkeypatch.setattr(results, "FIRST_LOOK_SECONDS", 0)
    # Importing the canvas component needs a running server.
    monkeypatch.setattr(
        drawable_canvas, "package", lambda: SimpleNamespace(st_canvas=lambda **_: None)
    )
    monkeypatch.setattr(canvas, "content", lambda: {"objects": list(stage.drawing)})
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
