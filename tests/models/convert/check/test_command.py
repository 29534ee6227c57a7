"""``digit-parity check`` answers from the file alone, without TensorFlow."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import h5py
import pytest

from models.command_line import ending
from models.convert.check import command as check
from models.formats.store import SHIPPED
from models.parity.known_limits import LIMITS
from tests.models.parity.known_limits.described import layer, picture, rows
from tests.support import model_files
from tests.support.model_files import zipped

ROOT = Path(__file__).resolve().parents[4]
NOTHING = "nothing known stands in the way."
BLOCKED = ("tensorflow", "tf_keras", "keras", "tensorflowjs", "streamlit")


def saved(folder: Path, *layers: dict[str, Any]) -> Path:
    path = folder / "model.h5"
    model = {"class_name": "Sequential", "config": {"name": "m", "layers": list(layers)}}
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(model)
        file.attrs["keras_version"] = "2.15.0"
    return path


def run(*arguments: object) -> int:
    return ending.run(lambda: check.command, "check", list(map(str, arguments)))


def test_it_runs_where_there_is_no_tensorflow(tmp_path):
    script = (
        f"import sys\nsys.modules.update(dict.fromkeys({BLOCKED!r}))\n"
        "sys.argv = ['digit-parity', 'check', sys.argv[1]]\n"
        "from models.__main__ import main\nsys.exit(main())"
    )
    path = saved(tmp_path, picture(), layer("ReLU", negative_slope=0.1))
    command = [sys.executable, "-c", script, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith(f"graph: {NOTHING}\nlayers: ignores a setting: ReLU")


@pytest.mark.parametrize(
    ("file", "lines"),
    [
        ("mnist_model.h5", ["graph", "layers"]),
        ("model_graph", ["graph"]),
        ("model_layers/model.json", ["layers"]),
    ],
)
def test_of_the_shipped_model_it_says_that_nothing_is_known(file, lines, capsys):
    assert run(SHIPPED / file) == 0
    assert capsys.readouterr().out.splitlines() == [f"{form}: {NOTHING}" for form in lines]


def test_a_line_says_where_what_why_the_way_out_and_where_to_read_more(tmp_path, capsys):
    assert run(saved(tmp_path, rows(), layer("LSTM", "memory"))) == 1
    row = next(row for row in LIMITS if row.name == "lstm-graph-wasm")
    line, _, free, layers = capsys.readouterr().out.splitlines()
    assert line == (
        f"graph on wasm: refuses: LSTM (memory). {row.happens} Way out: {row.way_out} "
        f"{row.reference}"
    )
    assert free == f"graph on cpu, webgl, webgpu: {NOTHING}"
    assert layers == f"layers: {NOTHING}"


def test_a_zip_of_a_model_is_looked_into(tmp_path, capsys):
    model = zipped(tmp_path / "mine.zip", model_files.layers(tmp_path / "web"))
    assert run(model, "--json", tmp_path / "check.json") == 0
    assert capsys.readouterr().out == f"layers: {NOTHING}\n"
    assert json.loads((tmp_path / "check.json").read_text())["file"] == str(model)


def test_what_only_asks_for_another_call_is_said_and_no_failure(tmp_path, capsys):
    crop = layer("CenterCrop", "crop", height=20, width=20)
    assert run(saved(tmp_path, picture(), layer("Conv2D", "conv"), crop)) == 0
    asked, *free = capsys.readouterr().out.splitlines()
    assert asked.startswith("graph: needs executeAsync: ") and "executeAsync()" in asked
    assert free == [f"graph: {NOTHING}", f"layers: {NOTHING}"]


def test_of_many_layers_it_names_three_and_nothing_that_fools_a_terminal(tmp_path, capsys):
    names = ("a\x1b[2J", "b", "x" * 99, "c", "d")
    assert run(saved(tmp_path, picture(), *(layer("Lambda", name) for name in names))) == 1
    out = capsys.readouterr().out
    assert f"('a\\x1b[2J', b, …{'x' * 50} and 2 more)" in out


def test_it_writes_everything_as_one_object(tmp_path, capsys):
    path = saved(tmp_path, rows(), layer("GRU", "gates", reset_after=True))
    written = tmp_path / "check.json"
    assert run(path, "--json", written) == 1
    assert capsys.readouterr().out
    content = json.loads(written.read_text("utf-8"))
    found = content.pop("predictions")
    assert content == {
        "schema": 1,
        "file": str(path),
        "format": "keras",
        "keras": 2,
        "exit_code": 1,
    }
    assert [(each["format"], each["limit"], each["harmful"]) for each in found] == [
        ("graph", "loop-graph", False),
        ("layers", "gru-reset-after", True),
    ]
    assert found[1]["backends"] == ["cpu", "wasm", "webgl", "webgpu"]
    assert found[1]["layers"] == ["gates"]
    assert {"effect", "what", "happens", "way_out", "reference"} <= found[1].keys()


def test_a_file_that_is_no_model_ends_with_2_and_a_sentence(tmp_path, capsys):
    (tmp_path / "a.h5").write_bytes(b"\x89HDF\r\n\x1a\nand no more")
    assert run(tmp_path / "a.h5") == 2
    error = capsys.readouterr().err
    assert "a.h5 is not understood" in error and "Expected what model.save() wrote" in error


def test_a_json_file_that_cannot_be_written_ends_with_2_and_a_sentence(tmp_path, capsys):
    assert run(SHIPPED / "model_graph", "--json", tmp_path / "no" / "check.json") == 2
    assert "No such file" in capsys.readouterr().err
