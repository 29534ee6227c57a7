"""Lanes of TensorFlow.js in a real Chromium without a window, as the gate asks them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelError
from models.formats.store import SHIPPED
from models.lanes import Lane
from models.runtimes import node, node_activations
from models.runtimes.browser import launch, tfjs, tfjs_activations
from models.runtimes.browser.program import Program
from models.runtimes.browser.visit import visit
from tests.support import chromium

NO_GRAPHICS = ("--headless=new", "--disable-gpu", "--disable-software-rasterizer")


@pytest.fixture(scope="module")
def program() -> Program:
    return Program("chromium", Path(chromium.need()))


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray]:
    with np.load(SHIPPED / "examples.npz") as file:
        return ((file["x_test"][:3] / np.float32(255)).astype(np.float32)[..., None],)


@pytest.fixture(scope="module")
def wanted(digits: tuple[np.ndarray]) -> np.ndarray:
    lane = Lane("graph", "tfjs/cpu")
    return node.predict(SHIPPED, [lane], digits)[lane].outputs[0]


@pytest.mark.parametrize("setting, threads", [("1thread", 1), ("4threads", 4)])
def test_webassembly_answers_on_one_thread_and_on_four(
    setting: str, threads: int, digits: tuple[np.ndarray], wanted: np.ndarray, program: Program
) -> None:
    lane = Lane("layers", f"tfjs/wasm+{setting}")
    run = tfjs.predict(SHIPPED, [lane], digits, program, batch=2, repeats=2)[lane]
    assert run.error is None
    np.testing.assert_allclose(run.outputs[0], wanted, rtol=0, atol=1e-6)
    assert [each.number for each in run.singles] == list(range(1, 51))
    assert [each.input for each in run.singles[:7]] == [0, 0, 0, 1, 2, 0, 1]
    assert run.singles[-1].input == 0
    np.testing.assert_allclose(run.together[0], wanted, rtol=0, atol=1e-6)
    assert (run.threads, run.renderer, run.software, run.leaked) == (threads, None, False, 0)
    assert len(run.times.steady_ms) == 2
    assert run.seconds > 0


def test_webgl_answers_and_says_that_it_is_drawn_in_software(
    digits: tuple[np.ndarray], wanted: np.ndarray, program: Program
) -> None:
    lane = Lane("graph", "tfjs/webgl")
    run = tfjs.predict(SHIPPED, [lane], digits, program, predictions=3)[lane]
    assert run.error is None
    np.testing.assert_allclose(run.outputs[0], wanted, rtol=0, atol=1e-5)
    assert run.renderer
    assert run.software == ("SwiftShader" in run.renderer or "llvmpipe" in run.renderer)
    assert run.leaked == 0


def test_half_floats_are_what_webgl_computes_with_where_they_are_asked_for(
    digits: tuple[np.ndarray], wanted: np.ndarray, program: Program
) -> None:
    lane = Lane("graph", "tfjs/webgl+f16")
    one, wanted = (digits[0][:1],), wanted[:1]  # another batch would be compiled anew
    run = tfjs.predict(SHIPPED, [lane], one, program, predictions=0)[lane]
    assert run.error is None
    assert 1e-5 < np.abs(run.outputs[0] - wanted).max() < 1e-2
    assert (run.outputs[0].argmax(axis=1) == wanted.argmax(axis=1)).all()


def test_webgpu_answers_or_says_why_it_does_not_start(
    digits: tuple[np.ndarray], wanted: np.ndarray, program: Program
) -> None:
    lane = Lane("layers", "tfjs/webgpu")
    one, wanted = (digits[0][:1],), wanted[:1]  # another batch would be compiled anew
    run = tfjs.predict(SHIPPED, [lane], one, program, predictions=0)[lane]
    if run.error is not None:
        assert "The backend webgpu does not work here: " in run.error
    else:
        np.testing.assert_allclose(run.outputs[0], wanted, rtol=0, atol=1e-5)
        assert run.renderer


def test_a_backend_that_cannot_start_says_why(
    digits: tuple[np.ndarray], program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "_CHROMIUM", NO_GRAPHICS)
    lane = Lane("graph", "tfjs/webgl")
    run = tfjs.predict(SHIPPED, [lane], digits, program)[lane]
    assert run.outputs == ()
    assert run.error is not None
    assert run.error.startswith("The backend webgl does not work here: ")


def test_a_lane_is_looked_into_layer_by_layer_as_in_node(
    digits: tuple[np.ndarray], program: Program
) -> None:
    lane = Lane("layers", "tfjs/wasm")
    wanted, _ = node_activations.trace_and_own(SHIPPED, lane, digits, {}, {})
    first, second, *_ = wanted.outputs
    feeds = {second: [first]}
    trace, own = tfjs_activations.trace_and_own(
        SHIPPED, lane, digits, dict(wanted.outputs), feeds, program=program
    )
    assert list(trace.outputs) == list(wanted.outputs)
    for name, values in wanted.outputs.items():
        np.testing.assert_allclose(trace.outputs[name], values, rtol=0, atol=1e-5)
    np.testing.assert_allclose(own.outputs[second], wanted.outputs[second], rtol=0, atol=1e-5)
    assert own.errors == {}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_a_page_whose_process_is_killed_is_given_up_with_the_reason(program: Program) -> None:
    waits = b"export const open = () => new Promise(() => {});"
    job = {"inputs": [], "lanes": [{"engine": "waits.js"}]}
    messages = visit(program, {"waits.js": waits}, job, seconds=600)
    assert next(messages).said["kind"] == "here"
    for renderer in _renderers():
        os.kill(renderer, signal.SIGKILL)
    with pytest.raises(ModelError, match="The page failed in Chromium: its process ended"):
        next(messages)


def _renderers() -> list[int]:
    """The processes of pages among those that this one started."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, check=True)
    found, ours = [], {os.getpid()}
    for line in sorted(listed.stdout.decode().splitlines(), key=lambda each: int(each.split()[0])):
        pid, parent, *words = line.split()
        if int(parent) in ours:
            ours.add(int(pid))
            found += [int(pid)] * ("--type=renderer" in words)
    return found
