"""``digit-parity bisect``: what it prints, and how it ends."""

from __future__ import annotations

import json
import shutil
import tempfile

import pytest

from models.bisect import command as bisect
from models.formats.store import EXAMPLES, SHIPPED
from models.runtimes import node
from tests.support.weight_faults import change_weight, grown, transposed

needs_bundle = pytest.mark.skipif(not node.SCRIPT.is_file(), reason="`make install` bundles it")
ON_TENSORFLOW = ["--runtime", "tensorflow", "--data", str(EXAMPLES), "--digits", "2"]


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "mnist")
    return tmp_path / "mnist"


def test_it_names_the_layer_and_ends_with_1(copy, capsys):
    change_weight(copy / "model_graph" / "model.json", "conv2/Conv2D_weights", transposed)
    assert bisect.main([str(copy), *ON_TENSORFLOW]) == 1
    printed = capsys.readouterr().out
    assert "graph @ tensorflow: differs." in printed
    assert "layers @ tensorflow: passed\n" in printed
    assert "layers @ tensorflow against" not in printed
    assert "They part at relu2. Given the reference's inputs, it is" in printed
    assert "One operation computes conv2, norm2, relu2." in printed
    assert "conv2/kernel" in printed
    assert "\n✗ relu2 " in printed and "\n  relu3 " in printed


def test_without_a_lane_that_differs_it_says_so_and_shows_all(capsys):
    assert bisect.main(ON_TENSORFLOW) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Judged on 100 digits:\n"), "without --data it may be something else"
    assert "No lane differs: there is no layer to name." in printed
    for form in ("graph", "layers"):
        assert f"{form} @ tensorflow against keras @ tensorflow\n  No layer parts: " in printed
    assert "\n  probabilities before softmax " in printed


def test_it_prints_json_and_ends_with_0(capsys):
    assert bisect.main(["--format", "graph", "--json", *ON_TENSORFLOW]) == 0
    (lane,) = json.loads(capsys.readouterr().out)
    assert lane["lane"] == "graph @ tensorflow" and lane["judgement"] == "passed"
    assert lane["first"] is None and lane["layer"] is None and lane["also"] == []
    last = lane["layers"][-1]
    assert last["layer"] == "probabilities" and last["passed"] and not last["faulty"]
    assert last["own"] <= last["own_allowed"]


def test_files_need_not_be_added_and_are_called_by_their_names(stepped, tmp_path, capsys):
    for form in ("graph", "layers"):
        shutil.copytree(stepped / f"model_{form}", tmp_path / form)
    (tmp_path / "layers" / "model.json").write_text("[]")
    change_weight(tmp_path / "graph" / "model.json", "first/Conv2D/ReadVariableOp", grown(0.1, 18))
    given = [f"--original={stepped / 'model.h5'}", f"--graph={tmp_path / 'graph'}"]
    assert bisect.main([*given, "--format", "graph", *ON_TENSORFLOW]) == 1
    printed = capsys.readouterr().out
    assert "They part at first." in printed and tempfile.gettempdir() + "/digit" not in printed
    assert bisect.main([*given, f"--layers={tmp_path / 'layers'}", *ON_TENSORFLOW]) == 2
    assert str(tmp_path / "layers") in capsys.readouterr().err


@needs_bundle
def test_a_known_limit_and_its_layer_are_named_on_the_runtime_where_it_bites(tmp_path, capsys):
    from tf_keras import Sequential, layers

    from tests.support.weight_faults import scattered

    model = Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(4, 3, name="conv"),
            layers.ReLU(negative_slope=0.3, name="leaky"),
            layers.Flatten(name="flat"),
            layers.Dense(10, activation="softmax", name="out"),
        ]
    )
    scattered(model).save(tmp_path / "m.h5")
    arguments = [f"--original={tmp_path / 'm.h5'}", "--data", str(EXAMPLES), "--json"]
    assert bisect.main([*arguments, "--runtime", "tensorflow", "--runtime", "tfjs/wasm"]) == 1
    lanes = {each["lane"]: each for each in json.loads(capsys.readouterr().out)}
    differing = [name for name, each in lanes.items() if each["judgement"] == "differs"]
    assert differing == ["layers @ tfjs/wasm"]
    found = lanes["layers @ tfjs/wasm"]
    assert (found["layer"], found["by"], found["also"]) == ("leaky", "own error", [])
    assert found["limit"] == "relu-negative-slope"


def test_without_data_it_judges_on_the_operators_examples_and_says_what_was_skipped(copy, capsys):
    (copy / "examples").mkdir()
    shutil.copy(EXAMPLES, copy / "examples" / "a.npz")
    (copy / "examples" / "notes.txt").write_text("no picture")
    assert bisect.main([str(copy), "--runtime", "tensorflow", "--digits", "1"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("Judged on 1,000 digits, 900 of them variations of the others:")
    assert "skipped notes.txt: " in printed.err


@pytest.mark.parametrize(
    "arguments",
    [["/nowhere"], ["--digits", "0"], ["--data", "/nowhere"], ["--rtol", "nan"], ["--rtol", "-1"]],
)
def test_what_cannot_be_compared_ends_with_2(arguments, capsys):
    assert bisect.main(arguments) == 2
    assert capsys.readouterr().err


@needs_bundle
def test_a_report_is_written_where_a_lane_differs(copy, tmp_path, capsys):
    change_weight(copy / "model_layers" / "model.json", "conv2/kernel", transposed)
    file = tmp_path / "fault.html"
    arguments = [str(copy), *ON_TENSORFLOW, "--format", "layers", "--report", str(file)]
    assert bisect.main(arguments) == 1
    assert f"{file} shows it by itself (" in capsys.readouterr().out
    text = file.read_text("utf-8")
    assert "conv2" in text and len(text.encode()) <= 1_500_000


def test_where_no_lane_differs_there_is_no_report_and_json_stays_json(tmp_path, capsys):
    file = tmp_path / "fault.html"
    arguments = [*ON_TENSORFLOW, "--format", "graph", "--json", "--report", str(file)]
    assert bisect.main(arguments) == 0 and not file.exists()
    printed = capsys.readouterr()
    assert json.loads(printed.out)
    assert "No report was written: No lane differs: there is no fault to show." in printed.err


def test_a_report_needs_a_folder(tmp_path, capsys):
    assert bisect.main([*ON_TENSORFLOW, "--report", str(tmp_path / "none" / "a.html")]) == 2
    assert f"There is no folder {tmp_path / 'none'} for the report." in capsys.readouterr().err
