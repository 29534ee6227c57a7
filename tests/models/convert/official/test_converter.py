"""Only converting needs the converter, and what it prints does not reach the user."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.convert import conversion
from models.convert.official import converter
from models.errors import ModelError
from models.formats import manifest
from models.runtimes import tensorflow
from models.storage import locations

ROOT = Path(__file__).resolve().parents[4]
NEEDED = "needs the official converter, which is not installed; `digit-parity setup` installs it."


def run(script: str, *arguments: object, **variables: object) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, where modules are not imported yet.

    Who sets TF_CPP_MIN_LOG_LEVEL, as commands do in their own process, asks for TensorFlow's log.
    """
    inherited = {name: each for name, each in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        env=inherited | {name: str(value) for name, value in variables.items()},
        capture_output=True,
        text=True,
        timeout=240,
    )


# What a server and the commands do with a model's folder where there is no converter.
WITHOUT = """
import contextlib, io, json, sys
from pathlib import Path
sys.modules["tensorflowjs"] = None
import numpy as np
from models.add import command as add
from models.bisect import command as bisect
from models.convert import command as convert
from models.evaluate import command as evaluate
from models.formats import manifest, store
from models.lanes import FORMATS, TENSORFLOW, YARDSTICK, Lane
from models.runtimes import node
from models.runtimes.process import slim_imports
from models.runtimes.worker import lanes
from models.runtimes.worker.messages import Request, TraceRequest
from models.verify import command as verify

slim_imports.begin()
node.SCRIPT = Path("none")
folder = Path(sys.argv[1])
digits = np.random.default_rng(4).random((3, 28, 28), np.float32)
answers, layers, said = {}, {}, {}
for lane in [Lane("layers", TENSORFLOW, "uint8"), *manifest.read(folder).server_lanes, YARDSTICK]:
    request = Request(1, folder, lane, digits)
    answer = lanes.load({}, lanes.key_of(request)).answer(request)
    answers[str(lane)] = answer.probabilities.tolist()
for form in FORMATS:
    request = TraceRequest(1, folder, Lane(form, TENSORFLOW), digits)
    layers[form] = len(lanes.trace({}, lanes.key_of(request), request).trace.outputs)

def ran(name, command, *arguments):
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
        code = command.main([str(each) for each in arguments])
    said[name] = code, stream.getvalue()

ran("verify", verify, folder, "--runtime", "tensorflow")
ran("bisect", bisect, folder)
ran("evaluate", evaluate, store.EXAMPLES, "--model", folder)
ran("add two folders", add, "mine", "--graph", folder / "model_graph",
    "--layers", folder / "model_layers")
ran("add", add, "other", folder / "mnist_model.h5")
ran("convert", convert, folder)
del sys.modules["tensorflowjs"]
sys.modules["tensorflowjs.converters.common"] = None
ran("convert by half of it", convert, folder)
print(json.dumps([answers, layers, said]))
"""


@pytest.fixture(scope="module")
def without(small_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Sequence[Any]:
    """The answers, the numbers of layers, and what the commands said."""
    before = {path: path.read_bytes() for path in small_model.rglob("*") if path.is_file()}
    place = tmp_path_factory.mktemp("place")
    done = run(WITHOUT, small_model, DIGIT_PARITY_MODELS=place)
    assert done.returncode == 0, done.stderr
    assert [each.name for each in place.iterdir()] == ["mine"]
    assert before == {path: path.read_bytes() for path in before}
    answers, layers, said = json.loads(done.stdout.splitlines()[-1])
    return answers, layers, said


def test_without_it_the_servers_lanes_answer(without, small_model):
    answers, layers, _ = without
    digits = np.random.default_rng(4).random((3, 28, 28), np.float32)
    lanes = [*manifest.read(small_model).server_lanes, "layers uint8 @ tensorflow"]
    for lane in lanes:
        stored, _, weights = str(lane).partition(" @")[0].partition(" ")
        expected = tensorflow.load(small_model, stored, weights or "float32").predict(digits)
        np.testing.assert_allclose(answers[str(lane)], expected, atol=1e-6)
    assert len(answers) == len(lanes) + 1  # LiteRT
    assert layers["keras"] == layers["layers"] > 5 and layers["graph"] > 5


@pytest.mark.parametrize("command", ["verify", "bisect", "evaluate", "add two folders"])
def test_without_it_every_command_on_converted_models_works(without, command):
    code, said = without[2][command]
    assert code == 0, said


@pytest.mark.parametrize("command", ["add", "convert"])
def test_without_it_converting_ends_in_one_sentence_that_says_what_installs_it(without, command):
    code, said = without[2][command]
    assert code == 1
    assert said.count("\n") == 1 and said.endswith(f"{NEEDED}\n")
    assert f"digit-parity {command}" in said


def test_a_converter_that_is_there_in_part_is_said_to_be(without):
    code, said = without[2]["convert by half of it"]
    assert code == 1 and said.count("\n") == 1
    assert "installed in part (ModuleNotFoundError: " in said and "digit-parity setup" in said


def test_it_is_found_where_setup_installs_it(tmp_path, monkeypatch):
    monkeypatch.setattr(converter, "_PACKAGES", ("tensorflowjs_of_setup",))
    monkeypatch.setattr(locations, "converter", lambda: tmp_path / "converter")
    monkeypatch.setattr(sys, "path", [*sys.path])
    with pytest.raises(ModelError, match="not installed"):
        converter.check()
    package = tmp_path / "converter" / "tensorflowjs_of_setup"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    importlib.invalidate_caches()
    converter.check()


# The command, where nothing can be imported that the converter imports and does not use.
ALONE = """
import sys

class Absent:
    def find_spec(name, *_):
        if name.partition(".")[0] in ("jax", "tensorflow_decision_forests", "tensorflow_hub"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent)
from models.__main__ import main
sys.exit(main())
"""


def test_it_needs_nothing_that_it_does_not_use_and_prints_nothing(small_model, tmp_path):
    import tf_keras

    model = tf_keras.models.load_model(small_model / conversion.KERAS_FILE, compile=False)
    model.compile("adam", "mse", metrics=["accuracy"])  # Keras warns of such a file
    model.save(tmp_path / "compiled.h5")
    done = run(ALONE, "add", "mine", tmp_path / "compiled.h5", DIGIT_PARITY_MODELS=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert (tmp_path / "mine" / "model_graph" / "model.json").is_file()


def test_what_it_refuses_is_said_with_its_command_line(tmp_path):
    with pytest.raises(ModelError, match=r"^tensorflowjs_converter --input_format=keras .* failed"):
        converter.run(["--input_format=keras", str(tmp_path / "none.h5"), str(tmp_path / "out")])
