"""What our conversion makes otherwise than the official converter, on processors with oneDNN."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from models.convert import loadable
from models.runtimes import node
from tests.support import model_files

# In a process of its own: this one's TensorFlow has chosen already.
_BOTH = """
import json, sys
from pathlib import Path
from models.convert import loadable, runs
from models.convert.runs import CONVERSIONS, ModelError
from tests.models.convert.test_loadable import networks

def main():
    folder, found = Path(sys.argv[1]), {}
    for name, model in networks().items():
        source = folder / f"{name}.h5"
        model.save(source)
        alone, ours = folder / name / "alone", folder / name / "ours"
        for each in (alone, ours):
            each.mkdir(parents=True)
        try:
            runs.run(CONVERSIONS[0], source, alone)
            bad = loadable.is_fused_too_far(alone / "model_graph" / "model.json")
        except ModelError as error:
            bad = loadable.is_refused_for_fusing(str(error))
        said = runs.run_loadable(CONVERSIONS[0], source, ours)
        fused = loadable.is_fused_too_far(ours / "model_graph" / "model.json")
        found[name] = [bad, said, fused]
    print(json.dumps(found))

if __name__ == "__main__":
    main()
"""


def networks() -> dict[str, Any]:
    """A plain network, and three of which the converter with oneDNN makes no graph that runs."""
    import numpy as np
    from tf_keras import Model, Sequential, layers

    start = layers.Input((8, 8, 3))
    base = layers.Conv2D(4, 3)(start)
    gate = layers.Rescaling(1 / 6)(layers.ReLU(6.0)(layers.Rescaling(1.0, 3.0)(base)))
    swish = layers.Flatten()(layers.Multiply()([base, gate]))
    normalised = [layers.BatchNormalization(), layers.ReLU(), layers.Flatten(), layers.Dense(3)]
    made = {
        "plain": Sequential([layers.Input((8,)), layers.Dense(6, "relu"), layers.Dense(3)]),
        "tanh": Sequential([layers.Input((8,)), layers.Dense(6, "tanh"), layers.Dense(3)]),
        "hard swish": Model(start, layers.Dense(3)(swish)),
        "normalised": Sequential([layers.Input((8, 8, 3)), layers.MaxPooling2D(), *normalised]),
    }
    random = np.random.default_rng(1)
    for each in made.values():
        each.set_weights([random.uniform(0.1, 1, one.shape) for one in each.get_weights()])
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("networks")


@pytest.fixture(scope="module")
def with_onednn(folder: Path) -> dict[str, list[Any]]:
    """Of each network whether the converter's graph is bad, what we say, and whether ours is."""
    script = folder / "both.py"
    script.write_text(_BOTH, "utf-8")
    done = run([sys.executable, str(script), str(folder)])
    assert done.returncode == 0, done.stderr
    found: dict[str, list[Any]] = json.loads(done.stdout.splitlines()[-1])
    if not found["tanh"][0]:
        pytest.skip("TensorFlow has no oneDNN on this kind of processor")
    return found


def run(arguments: list[str], **more: str) -> subprocess.CompletedProcess[str]:
    root = str(Path(__file__).parents[3])
    environment = os.environ | {"TF_ENABLE_ONEDNN_OPTS": "1", "PYTHONPATH": root} | more
    return subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["tanh", "hard swish", "normalised"])
def test_what_the_converter_fuses_and_tensorflow_js_does_not_run_is_converted_without(
    with_onednn, name
):
    assert with_onednn[name] == [True, loadable.WITHOUT_ONEDNN, False]


def test_a_graph_that_runs_is_left_as_the_converter_made_it(with_onednn, folder):
    assert with_onednn["plain"] == [False, "", False]
    alone, ours = (
        json.loads((folder / "plain" / each / "model_graph" / "model.json").read_text())
        for each in ("alone", "ours")
    )
    assert alone == ours


@pytest.mark.skipif(not node.SCRIPT.is_file(), reason="TensorFlow.js is not bundled")
def test_such_a_model_is_added_with_a_graph_that_passes_and_that_is_said(
    with_onednn, folder, tmp_path
):
    arguments = ["add", "tanh", str(folder / "tanh.h5")]
    place = {"DIGIT_PARITY_MODELS": str(tmp_path)}
    done = run([sys.executable, "-m", "models", *arguments], **place)
    assert done.returncode == 0, done.stderr
    assert "PASSED: 4 lanes answer like" in done.stdout
    assert loadable.WITHOUT_ONEDNN in done.stdout
    (alone,) = (line for line in done.stdout.splitlines() if "the official converter alone" in line)
    assert "graph @ tfjs/wasm: cannot run" in alone


def test_what_tensorflow_js_fuses_is_told_from_what_it_does_not(tmp_path):
    def graph(*fused: str) -> Path:
        encoded = [base64.b64encode(each.encode()).decode() for each in fused]
        attributes = {"fused_ops": {"list": {"s": encoded}}}
        node = {"name": "y", "op": "_FusedMatMul", "input": ["x", "w"], "attr": attributes}
        return model_files.graph(tmp_path / "".join(fused), node) / "model.json"

    assert loadable.is_fused_too_far(graph("BiasAdd", "Tanh"))
    assert not loadable.is_fused_too_far(graph("BiasAdd", "Sigmoid"))
    assert not loadable.is_fused_too_far(graph("BiasAdd"))
