"""TensorFlow.js in Node answers, or says why it cannot, and leaves nothing behind."""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from models.errors import InputError, ModelError
from models.formats.store import SHIPPED
from models.lanes import Lane
from models.runtimes import node, tensorflow
from models.tfjs.bundle import PACKAGE

needs_bundle = pytest.mark.skipif(
    not (PACKAGE / "dist" / "node" / "cli.mjs").is_file(), reason="`make install` bundles it"
)
WASM = [Lane(form, "tfjs/wasm") for form in ("graph", "layers")]


@pytest.fixture(scope="module")
def digits():
    with np.load(SHIPPED / "examples.npz") as file:
        return (file["x_test"] / np.float32(255)).astype(np.float32), file["y_test"]


@needs_bundle
def test_both_formats_on_both_backends_read_the_examples(digits):
    pixels, labels = digits
    lanes = [Lane(form, name) for form in ("graph", "layers") for name in node.RUNTIMES]
    runs = node.predict(SHIPPED, lanes, pixels, repeats=3, batch=32)
    assert list(runs) == lanes
    for run in runs.values():
        assert run.error is None
        assert run.probabilities.dtype == np.float32
        assert run.probabilities.shape == (100, 10)
        assert (run.probabilities.argmax(axis=1) == labels).mean() >= 0.99
        assert run.times.load_ms > 0
        assert run.times.first_ms > 0
        assert len(run.times.steady_ms) == 3
        assert run.seconds > 0
        assert run.leaked == 0


@needs_bundle
@pytest.mark.parametrize("stored", ["looped", "looped_by_functions"])
def test_a_graph_with_control_flow_answers_as_keras_and_leaves_nothing(stored, digits, request):
    folder, pixels = request.getfixturevalue(stored), digits[0][:5]
    wanted = tensorflow.load(folder, "keras").predict(pixels)
    lanes = [Lane("graph", name) for name in node.RUNTIMES]
    for run in node.predict(folder, lanes, pixels, repeats=2, batch=2).values():
        assert run.error is None
        np.testing.assert_allclose(run.probabilities, wanted, rtol=0, atol=1e-6)
        assert len(run.times.steady_ms) == 2
        assert run.leaked == 0


@needs_bundle
def test_the_cut_into_batches_changes_nothing(digits):
    pixels = digits[0][:5]
    one, other = (node.predict(SHIPPED, WASM, pixels, batch=size) for size in (2, 5))
    for lane in WASM:
        np.testing.assert_allclose(
            one[lane].probabilities, other[lane].probabilities, rtol=0, atol=1e-6
        )


@needs_bundle
def test_a_lane_that_cannot_run_says_why_and_the_others_go_on(digits, tmp_path):
    folder = tmp_path / "mnist"
    shutil.copytree(SHIPPED, folder)
    (folder / "model_graph" / "model.json").write_text("{}")
    (folder / "model_layers_uint8" / "group1-shard1of1.bin").unlink()
    broken, missing = Lane("graph", "tfjs/cpu"), Lane("layers", "tfjs/cpu", "uint8")
    good, keras = Lane("layers", "tfjs/cpu"), Lane("keras", "tfjs/cpu")
    webgl = Lane("graph", "tfjs/webgl")
    runs = node.predict(folder, [broken, missing, good, keras, webgl], digits[0][:2])
    assert runs[good].error is None
    for lane, words in {
        broken: "no model that can be loaded",
        missing: "group1-shard1of1.bin",
        keras: "no .h5",
        webgl: "Node does not run",
    }.items():
        assert words in runs[lane].error
        assert runs[lane].probabilities is None


def test_a_form_that_the_model_lacks_is_named(digits, tmp_path, fake_node):
    manifest = json.loads((SHIPPED / "manifest.json").read_text())
    del manifest["lanes"]["graph float16"]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    lane = Lane("graph", "tfjs/wasm", "float16")
    assert "has no 'graph float16'" in node.predict(tmp_path, [lane], digits[0])[lane].error


@pytest.fixture
def fake_node(tmp_path, monkeypatch):
    """A stand-in for Node that runs a line of shell."""
    script = tmp_path / "cli.mjs"
    script.touch()
    monkeypatch.setattr(node, "SCRIPT", script)

    def pretend(line: str) -> None:
        program = tmp_path / "node"
        program.write_text(f"#!/bin/sh\n{line}\n")
        program.chmod(0o755)
        monkeypatch.setattr(node.bundle, "node", lambda: program)

    return pretend


def test_a_node_that_dies_fails_only_the_lanes_that_had_no_answer(digits, fake_node):
    fake_node("""echo '{"backend":"wasm","error":"bad"}'; echo 'out of memory' >&2; exit 134""")
    runs = node.predict(SHIPPED, WASM, digits[0])
    assert runs[WASM[0]].error == "bad"
    assert "exit code 134 (out of memory)" in runs[WASM[1]].error


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
@pytest.mark.parametrize(
    "signal, words",
    [("KILL", "SIGKILL, Killed, perhaps for lack of memory"), ("ILL", "SIGILL, Illegal instruc")],
)
def test_a_node_that_is_killed_is_an_error_with_the_signals_name(digits, fake_node, signal, words):
    fake_node(f"kill -{signal} $$")
    runs = node.predict(SHIPPED, WASM, digits[0])
    assert all(run.error.startswith(f"Node ended: {words}") for run in runs.values())


def test_lack_of_memory_is_named_and_not_the_stack_behind_it(digits, fake_node):
    fake_node("echo 'FATAL ERROR: JavaScript heap out of memory' >&2; echo '1: 0xb' >&2; exit 1")
    runs = node.predict(SHIPPED, WASM, digits[0])
    assert "(FATAL ERROR: JavaScript heap out of memory)" in runs[WASM[0]].error


def test_a_node_that_hangs_is_given_up(digits, fake_node):
    fake_node("exec sleep 60")
    runs = node.predict(SHIPPED, WASM, digits[0], timeout=0.5)
    assert all("no answer within 0.5 s" in run.error for run in runs.values())


def test_output_of_libraries_between_the_answers_is_skipped(digits, fake_node):
    fake_node("""echo 'Hi there {'; echo '{"backend":"wasm","error":"bad"}'; printf '{"backend"'""")
    runs = node.predict(SHIPPED, WASM, digits[0])
    assert [run.error for run in runs.values()] == ["bad", "Node gave no answer."]


def test_nothing_is_left_in_the_temporary_folder(digits, fake_node, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    fake_node("exit 1")
    before = set(tmp_path.iterdir())
    node.predict(SHIPPED, WASM, digits[0])
    assert set(tmp_path.iterdir()) == before


def test_a_missing_bundle_says_how_to_make_it(digits, monkeypatch):
    monkeypatch.setattr(node, "SCRIPT", Path("nowhere") / "cli.mjs")
    with pytest.raises(ModelError, match=r"models\.tfjs"):
        node.predict(SHIPPED, WASM, digits[0])


@pytest.mark.parametrize("shape", [(0, 28, 28), (2, 27, 28), (784,)])
def test_pixels_of_another_shape_are_refused(shape, fake_node):
    fake_node("exit 1")
    with pytest.raises(InputError, match=r"\(n, 28, 28\)"):
        node.predict(SHIPPED, WASM, np.zeros(shape, np.float32))
