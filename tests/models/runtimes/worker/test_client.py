"""TensorFlow's process, started for real."""

import json
import os
import pickle
import select
import shutil
import signal
import subprocess
import sys
import threading
import weakref
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelError
from models.lanes import REFERENCE, SERVER_LANES, YARDSTICK, Lane
from models.parity import rule
from models.runtimes.worker import BEGIN
from models.runtimes.worker import client as worker_module
from models.runtimes.worker.client import TensorFlowWorker
from models.runtimes.worker.messages import Request
from tests.support.waiting import until

MNIST = Path(__file__).parents[4] / "models" / "mnist"


@pytest.fixture(scope="module")
def worker():
    started = TensorFlowWorker(MNIST, SERVER_LANES)
    blank = np.zeros((1, 28, 28), np.float32)
    # Answered in turn, so after the lanes that the process preloads.
    wait([started.submit(MNIST, lane, blank) for lane in SERVER_LANES], timeout=120)
    assert started.ready
    yield started
    started.close()


def test_every_server_lane_answers_alike(worker):
    pixels = np.random.default_rng(1).random((3, 28, 28), np.float32)
    lanes = (*SERVER_LANES, YARDSTICK)
    answers = [worker.submit(MNIST, lane, pixels).result(60) for lane in lanes]
    for answer in answers:
        assert answer.probabilities.shape == (3, 10)
        assert np.abs(answer.probabilities - answers[0].probabilities).max() < 1e-5


def test_how_far_the_reference_is_from_exact_is_told(worker):
    with np.load(MNIST / "examples.npz") as file:
        pixels = (file["x_test"][:16] / np.float32(255)).astype(np.float32)
    found = worker.exact(MNIST, REFERENCE, pixels).result(120).reference
    assert found.estimated is None and 1e-9 < found.own < 1e-5
    assert found.base[0].shape == (16, 10) and found.base[0].dtype == np.float64
    answers = worker.submit(MNIST, REFERENCE, pixels).result(60).probabilities
    assert found.own == rule.distance(found.base[0], answers, "softmax").largest
    with pytest.raises(ModelError, match="manifest"):
        worker.exact(MNIST.parent, REFERENCE, pixels).result(60)


def test_times_are_separate_and_repeats_are_limited(worker):
    blank = np.zeros((1, 28, 28), np.float32)
    times = worker.submit(MNIST, REFERENCE, blank, repeats=5, budget_ms=1e6).result(60).times
    assert times.load_ms > 0
    assert times.first_ms > 0
    assert len(times.steady_ms) == 6  # the answer itself and five repeats
    once = worker.submit(MNIST, REFERENCE, blank, repeats=1000, budget_ms=0.0).result(60).times
    assert len(once.steady_ms) == 1


def test_every_answer_that_was_timed_is_given_and_that_to_a_blank_picture(worker):
    pixels = np.random.default_rng(3).random((4, 28, 28), np.float32)
    blank = worker.submit(MNIST, REFERENCE, np.zeros((1, 28, 28), np.float32)).result(60)
    for lane in (*SERVER_LANES, YARDSTICK):
        asked = worker.submit(MNIST, lane, pixels, repeats=5, budget_ms=1e6, every=True)
        answer = asked.result(60)
        assert len(answer.every) == len(answer.times.steady_ms) == 6
        for each in answer.every:
            np.testing.assert_allclose(each, answer.probabilities, atol=1e-6)
        np.testing.assert_allclose(answer.blank, blank.probabilities, atol=1e-5)


def test_recent_times_are_of_single_digits_and_are_there_from_the_first_on(worker):
    lane = Lane.parse("graph float16 @ tensorflow")  # no other test asks it for recent times
    digits = np.random.default_rng(4).random((9, 1, 28, 28), np.float32)
    batch = digits.reshape(9, 28, 28)
    worker.submit(MNIST, lane, batch, repeats=2, budget_ms=1e6).result(60)

    def ask(digit):
        return worker.submit(MNIST, lane, digit, repeats=7, budget_ms=1e6, recent=True).result(60)

    answers = [ask(digit) for digit in digits]
    assert {len(answer.times.steady_ms) for answer in answers} == {8}
    together = worker.submit(MNIST, lane, batch).result(60).probabilities
    for answer, alone in zip(answers, together, strict=True):
        np.testing.assert_allclose(answer.probabilities[0], alone, atol=1e-6)


def test_recent_times_are_renewed_when_nobody_waits(worker):
    blank = np.zeros((1, 28, 28), np.float32)

    def times():
        answer = worker.submit(MNIST, REFERENCE, blank, repeats=3, budget_ms=1e6, recent=True)
        return answer.result(60).times.steady_ms

    before = times()
    until(lambda: times() != before, lambda: "the times stay the same")


def test_times_of_too_few_predictions_are_renewed_as_soon_as_nobody_waits(worker):
    lane, blank = Lane.parse("layers @ tensorflow"), np.zeros((1, 28, 28), np.float32)

    def times(**limits):
        answer = worker.submit(MNIST, lane, blank, recent=True, **limits).result(60)
        return answer.times.steady_ms

    cut_off = times(repeats=9, budget_ms=0.0)
    assert len(cut_off) == 1
    until(lambda: times(repeats=9, budget_ms=0.0) != cut_off, lambda: "they stay the same")


def test_many_threads_each_get_their_own_answer(worker):
    digits = np.random.default_rng(2).random((16, 1, 28, 28), np.float32)
    alone = [worker.submit(MNIST, REFERENCE, each).result(60).probabilities for each in digits]
    with ThreadPoolExecutor(8) as pool:
        together = pool.map(lambda each: worker.submit(MNIST, REFERENCE, each).result(60), digits)
        for one, other in zip(alone, together, strict=True):
            np.testing.assert_array_equal(one, other.probabilities)


def test_a_digit_does_not_wait_for_a_batch(worker):
    digit = np.random.default_rng(5).random((1, 28, 28), np.float32)
    batch = worker.submit(MNIST, REFERENCE, np.resize(digit, (20_000, 28, 28)))
    alone = worker.submit(MNIST, REFERENCE, digit).result(60).probabilities
    assert not batch.done()
    together = batch.result(120).probabilities
    np.testing.assert_allclose(together, np.resize(alone, (20_000, 10)), atol=1e-6)


def test_a_digit_does_not_wait_for_a_lane_that_loads(worker, small_model):
    blank = np.zeros((1, 28, 28), np.float32)
    loading = [worker.submit(small_model, lane, blank) for lane in (*SERVER_LANES, YARDSTICK)]
    assert worker.submit(MNIST, REFERENCE, blank).result(60).probabilities is not None
    assert not loading[-1].done()
    assert all(each.result(60).probabilities is not None for each in loading)


def test_every_server_lane_shows_its_layers_between_predictions(worker):
    pixels = np.random.default_rng(3).random((2, 28, 28), np.float32)
    traces = [worker.trace(MNIST, lane, pixels) for lane in SERVER_LANES]
    answer = worker.submit(MNIST, REFERENCE, pixels)
    for lane, future in zip(SERVER_LANES, traces, strict=True):
        trace = future.result(60).trace
        assert trace.lane == lane
        last = list(trace.outputs.values())[-1]
        np.testing.assert_allclose(last, answer.result(60).probabilities, atol=1e-5)


def test_a_lane_that_cannot_be_traced_fails_alone(worker):
    blank = np.zeros((1, 28, 28), np.float32)
    with pytest.raises(ModelError):
        worker.trace(MNIST.parent / "nowhere", REFERENCE, blank).result(60)
    assert worker.trace(MNIST, REFERENCE, blank).result(60).trace is not None


def test_a_lane_that_cannot_load_fails_alone_and_says_why(worker):
    blank = np.zeros((1, 28, 28), np.float32)
    with pytest.raises(ModelError, match=r"manifest|missing|no such"):
        worker.submit(MNIST.parent / "nowhere", REFERENCE, blank).result(60)
    assert worker.submit(MNIST, REFERENCE, blank).result(60).probabilities is not None


def test_a_folder_that_cannot_be_read_fails_alone(worker):
    child, blank = worker._child, np.zeros((1, 28, 28), np.float32)
    with pytest.raises(ModelError, match="too long"):
        worker.submit(MNIST / ("x" * 300), REFERENCE, blank).result(60)
    assert worker.submit(MNIST, REFERENCE, blank).result(60).probabilities is not None
    assert worker._child is child


def test_a_model_that_is_replaced_on_disk_is_loaded_again(worker, small_model, tmp_path):
    folder = shutil.copytree(small_model, tmp_path / "small")
    pixels = np.random.default_rng(1).random((1, 28, 28), np.float32)
    before = worker.submit(folder, REFERENCE, pixels).result(60).probabilities
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["input"]["scale"] = 50.0
    (folder / "manifest.json").write_text(json.dumps(manifest))
    after = worker.submit(folder, REFERENCE, pixels).result(60).probabilities
    assert np.abs(after - before).max() > 1e-3


def test_input_of_another_shape_is_refused(worker):
    with pytest.raises(ModelError):
        worker.submit(MNIST, REFERENCE, np.zeros((1, 5, 5), np.float32)).result(60)


def test_a_closed_worker_refuses_requests_in_words_and_starts_no_process():
    worker = TensorFlowWorker(MNIST, (), head_start=3600)
    child, blank = worker._child, np.zeros((1, 28, 28), np.float32)
    following: Future[Future] = Future()  # as an upload asks for its next batch

    def ask_again(_):
        following.set_result(worker.submit(MNIST, REFERENCE, blank))

    under_way = worker.submit(MNIST, REFERENCE, blank)
    under_way.add_done_callback(ask_again)
    try:
        worker.close()
        with pytest.raises(ModelError, match="ended"):
            under_way.result(30)
        for refused in (following.result(30), worker.trace(MNIST, REFERENCE, blank)):
            with pytest.raises(ModelError, match="was closed"):
                refused.result(0)
        assert worker._child is child
    finally:
        worker._child.close()


def test_every_worker_is_closed_with_the_server(monkeypatch):
    monkeypatch.setattr(worker_module, "_all", weakref.WeakSet())
    workers = [TensorFlowWorker(MNIST, (), head_start=3600) for _ in range(2)]
    worker_module.close_all()
    for worker in workers:
        assert worker._child._process.poll() is not None


def test_a_process_killed_while_a_request_is_written_makes_no_noise():
    before = set(threading.enumerate())
    worker = TensorFlowWorker(MNIST, ())
    try:
        os.kill(worker._child._process.pid, signal.SIGSTOP)  # it reads nothing any more
        small = np.zeros((1, 28, 28), np.float32)
        for _ in range(100):  # more than the pipe holds
            waiting = worker.submit(MNIST, REFERENCE, small)
        pipe = worker._child._process.stdin
        until(lambda: not select.select([], [pipe], [], 0)[1], lambda: "The pipe is not full.")
        os.kill(worker._child._process.pid, signal.SIGKILL)
        assert waiting.result(120).probabilities.shape == (1, 10), "the next process answers"
    finally:
        worker.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(60)  # what one raises is reported as this test's failure


@pytest.mark.parametrize("sent", [0, 1, 1_000, -1], ids=["none", "a byte", "half", "all but one"])
def test_the_process_ends_with_a_page_that_was_killed_while_it_wrote(sent):
    request = pickle.dumps(Request(0, MNIST, REFERENCE, np.zeros((2, 28, 28), np.float32)))
    process = subprocess.Popen(
        [sys.executable, "-m", "models.runtimes.worker"],
        cwd=MNIST.parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        _, said = process.communicate(BEGIN + request[:sent], timeout=60)
    finally:
        process.kill()
    assert (process.returncode, said) == (0, b"")


def test_tensorflows_messages_while_it_loads_are_not_in_the_servers_log(capfd, monkeypatch):
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)
    fresh = TensorFlowWorker(MNIST, ())
    try:
        fresh.submit(MNIST, REFERENCE, np.zeros((1, 28, 28), np.float32)).result(120)
    finally:
        fresh.close()
    assert capfd.readouterr().err == ""


def test_the_page_process_never_imports_tensorflow(worker):
    script = "import models.runtimes.worker.client, sys; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=MNIST.parents[1]).returncode == 0
