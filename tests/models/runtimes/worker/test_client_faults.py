"""TensorFlow's process killed, crashed and stopped, at every time: it is replaced, and answers."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from models.errors import ModelError
from models.lanes import REFERENCE
from models.runtimes.worker import child_process, client
from models.runtimes.worker.client import TensorFlowWorker
from models.runtimes.worker.messages import Answer
from tests.support.waiting import until

MNIST = Path(__file__).parents[4] / "models" / "mnist"
BLANK = np.zeros((1, 28, 28), np.float32)
PATIENT = 180  # seconds: noticed, killed, loaded again, on a busy machine
DAMAGES = {
    "killed": signal.SIGKILL,
    "crashed": signal.SIGSEGV,
    "out of memory": signal.SIGABRT,
    "stopped": signal.SIGSTOP,
}
HEARD: list[str] = []  # what pages would have said, each time that they were run


@pytest.fixture(scope="module", autouse=True)
def filtered_log() -> Iterator[None]:
    """The worker's log goes through us, whatever tests before have set."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)
        yield


@pytest.fixture(scope="module")
def loaded() -> Iterator[TensorFlowWorker]:
    """A worker that has answered. Every test here leaves it with a process that works."""
    worker = TensorFlowWorker(
        MNIST, (REFERENCE,), on_trouble=lambda: HEARD.append(client.trouble())
    )
    worker.submit(MNIST, REFERENCE, BLANK).result(PATIENT)
    yield worker
    worker.close()


@pytest.fixture
def loading() -> Iterator[TensorFlowWorker]:
    """A worker whose process has only begun."""
    worker = TensorFlowWorker(MNIST, (REFERENCE,))
    yield worker
    worker.close()


def pid(worker: TensorFlowWorker) -> int:
    return worker._child._process.pid


def answers(future: Future[Any]) -> bool:
    answer = future.result(PATIENT)
    return answer.probabilities is not None and bool(np.isfinite(answer.probabilities).all())


@pytest.mark.parametrize("damage", ["killed", "stopped"])
def test_an_idle_process_is_replaced_before_anybody_asks(
    damage: str, loaded: TensorFlowWorker, caplog: pytest.LogCaptureFixture
) -> None:
    before = pid(loaded)
    HEARD.clear()
    os.kill(before, DAMAGES[damage])
    until(lambda: pid(loaded) != before, lambda: "it was not replaced", PATIENT)
    said = loaded.trouble
    assert "TensorFlow" in said and "restarted" in said and "/" not in said
    assert ("did not answer" if damage == "stopped" else "process ended (SIG") in said
    if damage == "stopped":  # whoever stopped it can continue it: no other has its number yet
        status = psutil.Process(before).status
        until(lambda: status() == psutil.STATUS_ZOMBIE, status)
        os.kill(before, signal.SIGCONT)
    assert answers(loaded.submit(MNIST, REFERENCE, BLANK))
    until(lambda: not loaded.trouble, lambda: loaded.trouble, PATIENT)
    until(lambda: not psutil.pid_exists(before), lambda: "it was left behind")
    until(lambda: [said, ""] == HEARD, lambda: f"pages were told {HEARD}")
    warnings = [each for each in caplog.records if each.levelno == logging.WARNING]
    assert len(warnings) == 1 and "It is started again." in warnings[0].getMessage()


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_process_that_is_loading_is_replaced_and_what_was_asked_is_answered(
    damage: str, loading: TensorFlowWorker
) -> None:
    asked = loading.submit(MNIST, REFERENCE, BLANK)
    os.kill(pid(loading), DAMAGES[damage])
    assert answers(asked)


@pytest.mark.parametrize("damage", ["killed", "stopped"])
def test_a_set_goes_on_and_everybody_else_is_answered(
    damage: str, loaded: TensorFlowWorker
) -> None:
    before, batch = pid(loaded), np.zeros((128, 28, 28), np.float32)
    batches = [loaded.submit(MNIST, REFERENCE, batch) for _ in range(20)]
    batches[0].result(PATIENT)
    os.kill(before, DAMAGES[damage])
    digits = [loaded.submit(MNIST, REFERENCE, BLANK) for _ in range(5)]
    assert all(map(answers, (*batches, *digits)))
    assert answers(loaded.submit(MNIST, REFERENCE, BLANK))
    until(lambda: pid(loaded) != before, lambda: "it was not replaced", PATIENT)


def test_a_request_that_ends_two_processes_fails_with_a_sentence(
    loading: TensorFlowWorker,
) -> None:
    asked = loading.submit(MNIST, REFERENCE, BLANK)
    before = pid(loading)
    os.kill(before, signal.SIGSEGV)
    until(lambda: pid(loading) != before, lambda: "it was not replaced", PATIENT)
    os.kill(pid(loading), signal.SIGSEGV)
    with pytest.raises(ModelError, match=r"process ended \(SIGSEGV, Segmentation fault\)"):
        asked.result(PATIENT)
    assert answers(loading.submit(MNIST, REFERENCE, BLANK)), "the next request starts another"


def test_a_full_queue_refuses_with_a_sentence_and_goes_on(
    loaded: TensorFlowWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_process, "MOST_OPEN", 10)
    batch = np.zeros((128, 28, 28), np.float32)
    asked = [loaded.submit(MNIST, REFERENCE, batch) for _ in range(100)]
    refused = [each for each in asked if each.done() and each.exception() is not None]
    assert refused
    for each in refused:
        with pytest.raises(ModelError, match=r"takes no more\. Try again"):
            each.result()
    taken: list[Future[Answer]] = [each for each in asked if each not in refused]
    wait(taken, PATIENT)
    assert all(map(answers, taken))
    assert answers(loaded.submit(MNIST, REFERENCE, BLANK))


def test_visitors_are_told_no_path_and_the_log_is(
    loaded: TensorFlowWorker, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "a model\x1b[31m\nforged"
    for _ in range(3):
        with pytest.raises(ModelError) as raised:
            loaded.submit(folder, REFERENCE, BLANK).result(PATIENT)
    assert "manifest.json cannot be read" in str(raised.value)
    assert "/" not in str(raised.value) and "\x1b" not in str(raised.value)
    heard: list[str] = []

    def logged() -> bool:
        heard.append(capfd.readouterr().err)
        return "manifest.json" in "".join(heard)

    until(logged, lambda: "".join(heard))
    lines = "".join(heard).splitlines()
    assert len(lines) == 1, "the same is said once, on one line"
    assert str(tmp_path) in lines[0] and r"\x1b[31m\nforged" in lines[0]
