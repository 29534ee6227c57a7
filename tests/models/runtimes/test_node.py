"""TensorFlow.js in Node answers, or says why it cannot, and leaves nothing behind."""

import json
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.errors import InputError, ModelError
from models.formats import manifest as manifests
from models.formats.store import SHIPPED
from models.formats.tensors import Tensor
from models.lanes import Lane
from models.runtimes import node, tensorflow
from models.tfjs.bundle import PACKAGE
from tests.support.weight_faults import convert, scattered

needs_bundle = pytest.mark.skipif(
    not (PACKAGE / "dist" / "node" / "cli.mjs").is_file(), reason="`make install` bundles it"
)
WASM = [Lane(form, "tfjs/wasm") for form in ("graph", "layers")]


@pytest.fixture(scope="module")
def digits():
    with np.load(SHIPPED / "examples.npz") as file:
        pixels = (file["x_test"] / np.float32(255)).astype(np.float32)
        return (pixels[..., None],), file["y_test"]


def some(digits, count):
    return tuple(each[:count] for each in digits[0])


@needs_bundle
def test_both_formats_on_both_backends_read_the_examples(digits):
    tensors, labels = digits
    lanes = [Lane(form, name) for form in ("graph", "layers") for name in node.RUNTIMES]
    runs = node.predict(SHIPPED, lanes, tensors, repeats=3, batch=32)
    assert list(runs) == lanes
    for run in runs.values():
        assert run.error is None
        (answers,) = run.outputs
        assert answers.dtype == np.float32
        assert answers.shape == (100, 10)
        assert (answers.argmax(axis=1) == labels).mean() >= 0.99
        assert run.times.load_ms > 0
        assert run.times.first_ms > 0
        assert len(run.times.steady_ms) == 3
        assert run.seconds > 0
        assert run.leaked == 0


@needs_bundle
@pytest.mark.parametrize("stored", ["looped", "looped_by_functions"])
def test_a_graph_with_control_flow_answers_as_keras_and_leaves_nothing(stored, digits, request):
    folder, tensors = request.getfixturevalue(stored), some(digits, 5)
    (wanted,) = tensorflow.load(folder, "keras").run(tensors)
    lanes = [Lane("graph", name) for name in node.RUNTIMES]
    for run in node.predict(folder, lanes, tensors, repeats=2, batch=2).values():
        assert run.error is None
        np.testing.assert_allclose(run.outputs[0], wanted, rtol=0, atol=1e-6)
        assert len(run.times.steady_ms) == 2
        assert run.leaked == 0


@needs_bundle
def test_the_cut_into_batches_changes_nothing(digits):
    tensors = some(digits, 5)
    one, other = (node.predict(SHIPPED, WASM, tensors, batch=size) for size in (2, 5))
    for lane in WASM:
        np.testing.assert_allclose(one[lane].outputs[0], other[lane].outputs[0], rtol=0, atol=1e-6)


@needs_bundle
def test_a_lane_that_cannot_run_says_why_and_the_others_go_on(digits, tmp_path):
    folder = tmp_path / "mnist"
    shutil.copytree(SHIPPED, folder)
    (folder / "model_graph" / "model.json").write_text("{}")
    (folder / "model_layers_uint8" / "group1-shard1of1.bin").unlink()
    broken, missing = Lane("graph", "tfjs/cpu"), Lane("layers", "tfjs/cpu", "uint8")
    good, keras = Lane("layers", "tfjs/cpu"), Lane("keras", "tfjs/cpu")
    webgl = Lane("graph", "tfjs/webgl")
    runs = node.predict(folder, [broken, missing, good, keras, webgl], some(digits, 2))
    assert runs[good].error is None
    for lane, words in {
        broken: "no model that can be loaded",
        missing: "group1-shard1of1.bin",
        keras: "no .h5",
        webgl: "Node does not run",
    }.items():
        assert words in runs[lane].error
        assert runs[lane].outputs == ()


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


@needs_bundle
def test_one_node_does_several_jobs_and_another_goes_on_where_it_failed(digits):
    few, more = some(digits, 2), some(digits, 3)
    alone = [node.predict(SHIPPED, WASM, each)[WASM[0]].outputs[0] for each in (few, more)]
    with node.started() as process:
        for given, wanted in zip((few, more), alone, strict=True):
            run = node.predict(SHIPPED, WASM, given, process=process)[WASM[0]]
            assert np.array_equal(run.outputs[0], wanted) and run.leaked == 0
        late = node.predict(SHIPPED, WASM, few, process=process, timeout=0.001)
        assert "no answer within 0.001 s" in late[WASM[1]].error
        again = node.predict(SHIPPED, WASM, few, process=process)
        assert np.array_equal(again[WASM[0]].outputs[0], alone[0])


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


@pytest.mark.parametrize("shape", [(0, 28, 28, 1), (2, 27, 28, 1), (2, 28, 28), (784,)])
def test_tensors_of_another_shape_are_refused(shape, fake_node):
    fake_node("exit 1")
    with pytest.raises(InputError, match=r"Expected \(n, 28, 28, 1\), n ≥ 1"):
        node.predict(SHIPPED, WASM, (np.zeros(shape, np.float32),))


@pytest.fixture(scope="module")
def several(tmp_path_factory):
    """A model of a picture, words and numbers to two answers, and its Keras twin."""
    from tf_keras import Model, layers

    picture = layers.Input((6, 8, 3), name="zebra")
    words = layers.Input((4,), dtype="int32", name="apple")
    numbers = layers.Input((2,), name="mango")
    seen = layers.Flatten()(layers.Conv2D(2, 3)(picture))
    read = layers.Flatten()(layers.Embedding(10, 3)(words))
    known = layers.Concatenate()([seen, read, numbers])
    outputs = [layers.Dense(3, name="zoo")(known), layers.Dense(5, name="ark")(known)]
    model = scattered(Model([picture, words, numbers], outputs))
    folder = convert(model, tmp_path_factory.mktemp("several"))
    takes = [
        Tensor("zebra", (6, 8, 3)),
        Tensor("apple", (4,), "int32"),
        Tensor("mango", (2,)),
    ]
    gives = [Tensor("zoo", (3,)), Tensor("ark", (5,))]
    manifest = replace(manifests.read(folder), input=None, tensors=takes, outputs=gives)
    manifests.write(manifest, folder)
    return folder, model


def pictures_words_and_numbers(count):
    random = np.random.default_rng(3)
    return (
        random.random((count, 6, 8, 3), np.float32),
        random.integers(0, 10, (count, 4)),
        random.random((count, 2), np.float32),
    )


@needs_bundle
def test_every_input_and_output_is_as_in_keras_whatever_the_graph_s_order(several):
    folder, model = several
    tensors = pictures_words_and_numbers(5)
    wanted = [each.numpy() for each in model(list(tensors), training=False)]
    runs = node.predict(folder, WASM, tensors, batch=2)
    for run in runs.values():
        assert run.error is None
        assert run.leaked == 0
        for found, expected in zip(run.outputs, wanted, strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_tensors_of_another_number_are_refused(several, fake_node):
    fake_node("exit 1")
    with pytest.raises(InputError, match=r"Expected \(n, 6, 8, 3\) and \(n, 4\) and \(n, 2\)"):
        node.predict(several[0], WASM, pictures_words_and_numbers(2)[:2])
    one, two = pictures_words_and_numbers(1), pictures_words_and_numbers(2)
    with pytest.raises(InputError, match=r"n ≥ 1"):
        node.predict(several[0], WASM, (one[0], *two[1:]))


def test_a_graph_of_another_number_of_inputs_says_so(several, fake_node, tmp_path):
    fake_node("exit 1")
    folder = tmp_path / "several"
    shutil.copytree(several[0], folder)
    manifest = manifests.read(folder)
    manifests.write(replace(manifest, tensors=manifest.tensors[:2]), folder)
    runs = node.predict(folder, WASM[:1], pictures_words_and_numbers(2)[:2])
    assert "expected 2 inputs" in runs[WASM[0]].error


@needs_bundle
def test_a_model_for_two_at_once_answers_any_number(tmp_path):
    from tf_keras import Sequential, layers

    parts = [layers.Input((4,), batch_size=2), layers.Dense(3), layers.Reshape((3, 1))]
    model = scattered(Sequential(parts))
    folder = convert(model, tmp_path / "two")
    takes, gives = [Tensor("", (4,), batch=2)], [Tensor("", (3, 1))]
    manifest = replace(manifests.read(folder), input=None, tensors=takes, outputs=gives)
    manifests.write(manifest, folder)
    given = np.random.default_rng(1).random((5, 4), np.float32)
    wanted = np.concatenate([model(given[:2]), model(given[2:4]), model(given[3:])[1:]])
    for run in node.predict(folder, WASM, (given,)).values():
        assert run.error is None
        np.testing.assert_allclose(run.outputs[0], wanted, rtol=1e-5, atol=1e-6)


def test_a_large_input_is_given_in_small_batches_and_more_time(digits, monkeypatch):
    jobs = []
    monkeypatch.setattr(node, "check", lambda *_: None)
    monkeypatch.setattr(node, "run_job", lambda *job: (jobs.append(job), ([], ""))[1])
    for side in (28, 512):
        node.predict(SHIPPED, WASM, (np.zeros((2, side, side, 3), np.float32),))
    (small, little), (large, much) = jobs
    assert (small["batch"], large["batch"]) == (256, 2)
    assert much > little
