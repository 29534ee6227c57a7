"""TensorFlow's process begins when it is told to, and visitors can postpone that for a while."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelError
from models.lanes import REFERENCE
from models.runtimes.worker import child_process
from models.runtimes.worker.child_process import Child
from models.runtimes.worker.messages import Request
from tests.support import bare_system

LONG = 3600.0


class Clock:
    """Time that passes only while the writer of requests sleeps, up to an end where it stands."""

    def __init__(self) -> None:
        self.now = self.end = 0.0
        self.changed = threading.Condition()
        self.stands = False

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self.changed:
            while self.now >= self.end:
                self.stands = True
                self.changed.notify_all()
                self.changed.wait()
            self.now += seconds

    def go_on_to(self, end: float) -> bool:
        """Whether the writer still sleeps then: the process was not told to begin."""
        with self.changed:
            self.end, self.stands = end, False
            self.changed.notify_all()
            return self.changed.wait_for(lambda: self.stands, timeout=10)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    made = Clock()
    monkeypatch.setattr(child_process, "time", made)
    yield made
    with made.changed:  # the thread ends
        made.end = float("inf")
        made.changed.notify_all()


def ask(child: Child, folder: Path):
    """A request that is answered without TensorFlow: there is no model in the folder."""
    return child.submit(Request(1, folder, REFERENCE, np.zeros((1, 28, 28), np.float32)))


def test_it_is_held_back_while_visitors_come(tmp_path, clock):
    child = Child(head_start=0.3)
    child.hold_back(LONG, until=LONG)
    answer = ask(child, tmp_path)
    assert clock.go_on_to(LONG / 2)
    assert not answer.done()
    child.close()
    with pytest.raises(ModelError, match="ended"):
        answer.result(30)


def test_it_is_not_held_back_for_longer_than_the_limit(tmp_path):
    child = Child(head_start=0.1)
    child.hold_back(LONG, until=time.monotonic() + 0.2)
    with pytest.raises(ModelError, match="manifest"):
        ask(child, tmp_path).result(60)
    child.hold_back(LONG, until=time.monotonic() + LONG)  # it has begun
    with pytest.raises(ModelError, match="manifest"):
        ask(child, tmp_path).result(60)
    child.close()


def test_an_earlier_limit_does_not_make_it_begin_sooner(tmp_path, clock):
    child = Child(head_start=LONG)
    child.hold_back(0.0, until=0.0)
    answer = ask(child, tmp_path)
    assert clock.go_on_to(LONG / 2)
    child.close()
    with pytest.raises(ModelError, match="ended"):
        answer.result(30)


def test_a_process_that_does_not_end_when_told_is_killed(monkeypatch):
    monkeypatch.setattr(child_process, "_CLOSE_TIMEOUT", 0.3)
    child = Child(head_start=LONG)
    os.kill(child._process.pid, signal.SIGSTOP)
    os.waitpid(child._process.pid, os.WUNTRACED)  # stopped: it receives no signal but SIGKILL
    child.close()
    assert child._process.returncode == -signal.SIGKILL


def test_it_answers_on_a_system_that_lacks_what_it_would_use(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", bare_system.path(tmp_path))
    child = Child(head_start=0)
    with pytest.raises(ModelError, match="manifest"):
        ask(child, tmp_path).result(60)
    child.close()
