"""LiteRT.js, and what stands in for it, in a real Chromium, as `digit-parity alternatives` asks."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import tf_keras

from models.dataset import samples
from models.formats import manifest as manifests
from models.formats.manifest import Manifest
from models.formats.tensors import Tensor
from models.lanes import Lane
from models.runtimes.browser import conversion
from models.runtimes.browser.conversion import Made
from models.runtimes.browser.program import Program
from models.runtimes.browser.tfjs import lane_job
from models.tfjs.alternatives import packages
from models.verify.alternatives import judging, running
from tests.support import chromium

# An engine of the page that gives each input twice, and at the prediction {at} something else.
ENGINE = """
let asked = 0;
export const open = async () => ({{
  loadMs: 1,
  about: {{}},
  alive: () => null,
  dispose: () => {{}},
  async answer([{{ values }}], n) {{
    asked += 1;
    const twice = Float32Array.from(values, (each) => 2 * each);
    if ({at}) twice[1] = {wrong};
    return {{ outputs: [{{ shape: [n, 3], values: twice }}], ms: 0.1 }};
  }},
}});
"""
PLANTED = [  # which prediction it spoils, by what, and how that is judged
    ("asked === 1", "9", "differs", "off at prediction 1, input 0, value 1"),
    ("asked === 2", "9", "differs", "off at prediction 2, input 0, value 1"),
    ("asked === 50", "9", "differs", "off at prediction 50, input 0, value 1"),
    ("asked >= 50", "9", "differs", "value 1, where"),
    ("asked > 0", "NaN", "differs", "It gives NaN"),
    ("false", "0", "passed", ""),
]


@pytest.fixture(scope="module")
def program() -> Program:
    return Program("chromium", Path(chromium.need()))


def doubling(folder: Path) -> Manifest:
    """A model that doubles three numbers."""
    layer = tf_keras.layers.Dense(3, use_bias=False, input_shape=(3,))
    model = tf_keras.Sequential([layer])
    layer.set_weights([2 * np.eye(3)])
    model.save(folder / "model.h5")
    record = {"model.h5": manifests.record(folder / "model.h5")}
    takes = (Tensor("x", (3,)),)
    made = Manifest("tried", "Tried", (), {"keras": "model.h5"}, record, None, tensors=takes)
    made = Manifest(**{**vars(made), "answers": "values"})
    manifests.write(made, folder)
    return made


def inputs() -> samples.Samples:
    values = np.random.default_rng(1).normal(size=(5, 3)).astype(np.float32)
    return samples.of_tensors((values,))


@pytest.fixture
def dist(tmp_path, monkeypatch) -> Path:
    """A folder of engines, and what is converted for them, whatever that is."""
    dist = tmp_path / "dist"
    dist.mkdir()
    shutil.copy(packages.JAVASCRIPT / "src" / "measured.js", dist)
    monkeypatch.setattr(packages, "dist", lambda: dist)
    model = tmp_path / "model.bin"
    model.write_bytes(b"weights")
    made = (Made("tflite", model), Made("onnx", model))
    monkeypatch.setattr(conversion, "convert", lambda *_: made)
    doubling(tmp_path)
    return dist


@pytest.mark.parametrize(("at", "wrong", "kind", "reason"), PLANTED)
def test_planted_engines_are_judged_by_what_the_page_says(
    dist, program, at, wrong, kind, reason
) -> None:
    (dist / "litert.js").write_text(ENGINE.format(at=at, wrong=wrong))
    found = judging.measure(dist.parent, inputs(), dist.parent, program, ["litert.js/wasm"])
    (lane,) = found.measured
    assert lane.judgement.kind == kind and reason in (lane.judgement.reason or "")
    assert lane.size.script == (dist / "litert.js").stat().st_size
    assert found.exit_code == (0 if kind == "passed" else 1)


@pytest.mark.parametrize(
    ("library", "kind"), [("litert.js", "tflite"), ("onnxruntime-web", "onnx")]
)
@pytest.mark.parametrize("backend", ["wasm", "webgpu"])
def test_a_runtime_keeps_a_model_and_says_what_its_page_loads(
    tmp_path, program, library, kind, backend
) -> None:
    if why := packages.missing():
        pytest.skip(why)
    doubling(tmp_path)
    found = judging.measure(tmp_path, inputs(), tmp_path, program, [f"{library}/{backend}"])
    (lane,) = found.measured
    if backend == "webgpu" and lane.judgement.kind == "cannot run":
        pytest.skip(f"WebGPU does not start here: {lane.judgement.reason}")
    assert lane.judgement.kind == "passed", lane.judgement.reason
    assert found.exit_code == 0 and (lane.steady_ms is None) == lane.software
    assert lane.size.wasm > 5_000_000 > lane.size.script > 50_000
    assert lane.size.weights == (tmp_path / f"model.{kind}").stat().st_size
    assert lane.size.compressed < lane.size.wasm / 2


def test_a_file_that_is_none_of_its_kind_cannot_run_and_says_why(
    tmp_path, program, monkeypatch
) -> None:
    if why := packages.missing():
        pytest.skip(why)
    doubling(tmp_path)
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x00" * 4096)
    made = (Made("tflite", broken), Made("onnx", broken))
    monkeypatch.setattr(conversion, "convert", lambda *_: made)
    found = judging.measure(
        tmp_path, inputs(), tmp_path, program, ["litert.js/wasm", "onnxruntime-web/wasm"]
    )
    assert [each.judgement.kind for each in found.measured] == ["cannot run", "cannot run"]
    assert all(each.judgement.reason for each in found.measured) and found.exit_code == 2


def test_tensorflow_js_beside_them_is_measured_by_the_same_page() -> None:
    from models.formats.store import SHIPPED

    lane = Lane("graph", "tfjs/wasm+1thread")
    files, told = lane_job(SHIPPED, manifests.read(SHIPPED), lane)
    assert told["engine"] == "tfjs.js" and told["model"] in files
    sized = running.size_of(files, [*files])
    assert sized.weights == manifests.read(SHIPPED).size("graph")
