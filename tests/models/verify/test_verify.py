"""The gate: what passes, what fails, and what could not be compared."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from xml.etree import ElementTree as Xml

import numpy as np
import pytest

from models.command_line import ending
from models.dataset import default_digits, read_path, samples
from models.formats import manifest
from models.formats.model_input import DIGITS
from models.formats.store import EXAMPLES
from models.lanes import Lane
from models.parity.judgement import ByTolerance
from models.runtimes import node
from models.runtimes.process import os_calls
from models.verify import command as verify
from models.verify import text as verify_text
from models.verify.report import write_failure
from models.verify.verification import Verification
from models.verify.verification import verify as check

needs_bundle = pytest.mark.skipif(not node.SCRIPT.is_file(), reason="`make install` bundles it")
GRAPH, LAYERS = (Lane(form, "tensorflow") for form in ("graph", "layers"))


@pytest.fixture
def copy(small_model, tmp_path):
    """A copy of the small model that a test may damage."""
    return shutil.copytree(small_model, tmp_path / "small")


@pytest.fixture(scope="module")
def digits():
    return samples.of_pictures(default_digits.digits(200), DIGITS)


def flip(folder, form: str, value=lambda weight: -weight) -> None:
    """Change the one weight in the middle of a format's shard."""
    path = folder / f"model_{form}" / "group1-shard1of1.bin"
    weights = np.frombuffer(path.read_bytes(), "<f4").copy()
    weights[len(weights) // 2] = value(weights[len(weights) // 2])
    path.write_bytes(weights.tobytes())


def stop(folder, form: str) -> None:
    """Make a format one that may be loaded, and that no runtime here can run."""
    path = folder / f"model_{form}" / "model.json"
    stored = json.loads(path.read_text())
    if form == "graph":
        stored["modelTopology"]["node"][-1]["op"] = "UnheardOf"
    else:
        for group in stored["weightsManifest"]:
            for weight in group["weights"]:
                weight["name"] = f"other/{weight['name']}"
    path.write_text(json.dumps(stored))


def outcomes(result: Verification) -> dict[str, str]:
    return {str(each.lane): each.kind for each in result.judgements}


@needs_bundle
def test_the_shipped_model_passes_on_a_thousand_digits(tmp_path, capsys):
    paths = [tmp_path / "out.json", tmp_path / "out.xml"]
    runtimes = ["--runtime", "tensorflow", "--runtime", "tfjs/wasm"]
    code = verify.main([*runtimes, "--json", str(paths[0]), "--junit", str(paths[1])])
    text = capsys.readouterr().out
    assert code == 0, text
    assert "1,000 digits, 900 of them variations" in text
    assert "PASSED: 4 lanes answer like keras @ tensorflow, within " in text
    assert "The files' numbers: all 42 arrays of both formats are the original's." in text
    result = json.loads(paths[0].read_text())
    assert result["exit_code"] == 0 and result["inputs"]["count"] == 1000
    judged = [lane for lane in result["lanes"] if lane["judgement"] == "passed"]
    assert [lane["lane"] for lane in judged] == [
        f"{form} @ {runtime}"
        for runtime in ("tensorflow", "tfjs/wasm")
        for form in ("graph", "layers")
    ]
    assert all(0 < lane["distance"] < lane["bound"] < 1e-4 for lane in judged)
    assert result["reference"]["lane"] == "keras @ tensorflow"
    assert 0 < result["reference"]["distance"] < 3e-6
    assert "from exact arithmetic, the graph model on tfjs/wasm " in text
    assert text.splitlines()[-1] == result["recommendation"]["sentence"]
    assert result["recommendation"]["format"] in ("graph", "layers")
    assert result["recommendation"]["runtime"] == "tfjs/wasm"
    suite = Xml.parse(paths[1]).getroot()
    assert suite.attrib | {"time": "-"} == {
        "name": "models.verify mnist",
        "tests": "8",
        "failures": "0",
        "errors": "0",
        "skipped": "4",
        "time": "-",
    }


@needs_bundle
def test_every_lane_of_a_model_passes_on_every_runtime(small_model, capsys):
    assert verify.main([str(small_model), "--data", str(EXAMPLES)]) == 0
    text = capsys.readouterr().out
    assert "PASSED: 6 lanes" in text
    assert "Plain JavaScript (tfjs/cpu) was asked for 64 of the 100 inputs, which took " in text
    assert "% of all lanes' time" in text


@needs_bundle
@pytest.mark.parametrize("form", ["graph", "layers"])
def test_one_flipped_weight_is_noticed(copy, form, tmp_path, capsys):
    flip(copy, form)
    report = tmp_path / "out.xml"
    data = ["--data", str(EXAMPLES), "--runtime", "tensorflow", "--runtime", "tfjs/wasm"]
    assert verify.main([str(copy), *data, "--junit", str(report)]) == 1
    text = capsys.readouterr().out
    failed = f"FAILED: 2 of 4 lanes do not answer like keras @ tensorflow: {form} @ tensorflow, "
    assert failed + f"{form} @ tfjs/wasm." in text
    assert f"as the manifest lists them: model_{form}/group1-shard1of1.bin." in text
    names = [each.get("name") for each in Xml.parse(report).iterfind("testcase[failure]")]
    assert names == [f"{form} @ tensorflow", f"{form} @ tfjs/wasm"]


@pytest.mark.parametrize("form", ["graph", "layers"])
def test_a_weight_that_answers_cannot_tell_from_rounding_differs_by_its_number(copy, form, capsys):
    flip(copy, form, lambda weight: weight * np.float32(1 + 4e-6))
    report = copy / "out.json"
    assert verify.main([str(copy), "--runtime", "tensorflow", "--json", str(report)]) == 1
    text = capsys.readouterr().out
    assert "FAILED: 1 of 2 lanes answer like keras @ tensorflow within rounding, but " in text
    assert f"The files' numbers, {form}: " in text
    (lane,) = [
        each for each in json.loads(report.read_text())["lanes"] if each["judgement"] == "differs"
    ]
    assert lane["format"] == form and lane["distance"] <= lane["bound"]
    assert " in 1 of " in lane["reason"] and "cannot tell it from rounding" in lane["reason"]
    assert verify.main([str(copy), "--runtime", "tensorflow", "--atol", "1e-5"]) == 0


def test_a_weight_that_is_nan_is_noticed(copy, digits):
    flip(copy, "layers", lambda _: np.nan)
    result = check(copy, digits, runtimes=["tensorflow"])
    assert result.exit_code == 1 and outcomes(result)[str(LAYERS)] == "differs"


def test_another_file_with_the_same_numbers_passes_and_is_named(copy, digits, capsys):
    path = copy / "model_graph" / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()), indent=1))
    data = ["--data", str(EXAMPLES), "--runtime", "tensorflow"]
    assert verify.main([str(copy), *data]) == 0
    text = capsys.readouterr().out
    assert "1 missing or not as the manifest lists them: model_graph/model.json" in text
    assert "PASSED: 2 lanes" in text


@pytest.mark.parametrize("required, code", [([], 0), (["layers"], 0), (["layers", "graph"], 2)])
def test_a_lane_that_cannot_run_is_a_line_unless_it_is_required(copy, digits, required, code):
    stop(copy, "graph")
    result = check(copy, digits, runtimes=["tensorflow"], required=required)
    assert result.exit_code == code
    assert outcomes(result)[str(GRAPH)] == "cannot run"
    assert outcomes(result)[str(LAYERS)] == "passed"


def test_where_nothing_can_run_nothing_passes(copy, digits):
    for form in ("graph", "layers"):
        stop(copy, form)
    assert check(copy, digits, runtimes=["tensorflow"]).exit_code == 2


def test_a_lane_that_differs_weighs_more_than_one_without_an_answer(copy, digits):
    stop(copy, "graph")
    flip(copy, "layers")
    assert check(copy, digits, runtimes=["tensorflow"]).exit_code == 1


def test_quantised_weights_are_listed_and_judged_only_when_asked(small_model, digits):
    options = {"runtimes": ["tensorflow"]}
    listed = check(small_model, digits, **options)
    assert outcomes(listed)["graph uint8 @ tensorflow"] == "not tried" and listed.exit_code == 0
    assert check(small_model, digits, judged=["uint8"], **options).exit_code == 1
    judged, strict = ["float16", "uint8"], ByTolerance(1e-5, 0)
    apart = max(
        each.distance or 0
        for each in check(
            small_model, digits, judged=judged, tolerance=strict, **options
        ).judgements
    )
    assert 1e-5 < apart < 0.1
    loose = ByTolerance(apart, 0)
    within = check(small_model, digits, judged=judged, tolerance=loose, **options)
    assert within.exit_code == 0
    kinds = [each.kind for each in within.judgements]
    assert kinds == ["passed"] * 4 + ["not tried"] * 2


def test_a_relative_tolerance_counts(small_model, digits):
    for rtol, code in ((0, 1), (1e-3, 0)):
        by = ByTolerance(0.0, rtol)
        assert check(small_model, digits, runtimes=["tensorflow"], tolerance=by).exit_code == code


def test_without_a_keras_original_graph_is_compared_with_layers(copy, digits, capsys):
    described = json.loads((copy / "manifest.json").read_text())
    del described["lanes"]["keras"], described["files"]["mnist_model.h5"]
    (copy / "manifest.json").write_text(json.dumps(described))
    assert manifest.read(copy).reference == LAYERS
    result = check(copy, digits, runtimes=["tensorflow"])
    assert result.exit_code == 0 and LAYERS not in [each.lane for each in result.judgements]
    flip(copy, "graph")
    assert check(copy, digits, runtimes=["tensorflow"]).exit_code == 1


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["none"], "There is no model named 'none'"),
        (["mnist", "--data", "none.npz"], "There is nothing at none.npz"),
        (["mnist", "--atol", "-1"], "atol is -1.0"),
        (["mnist", "--rtol", "nan"], "rtol is nan"),
    ],
)
def test_what_cannot_be_compared_says_why_and_exits_2(arguments, words, capsys):
    assert verify.main(arguments) == 2
    said = capsys.readouterr().err
    assert said.startswith("NOT COMPARED: ") and words in said


def test_a_broken_original_exits_2(copy, capsys):
    (copy / "mnist_model.h5").write_bytes(b"no HDF5")
    assert verify.main([str(copy), "--data", str(EXAMPLES)]) == 2
    assert "mnist_model.h5 is no model that can be loaded" in capsys.readouterr().err


def nan_in(path) -> None:
    """Make a bias of the last layer NaN."""
    import tf_keras

    model = tf_keras.models.load_model(path, compile=False)
    kernel, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([kernel, bias + np.nan])
    model.save(path)


@pytest.mark.parametrize(
    "damage, words",
    [
        (nan_in, "keras @ tensorflow itself gives NaN for 100 of 100 inputs"),
    ],
)
def test_an_original_that_cannot_answer_exits_2_and_the_object_says_why(
    copy, damage, words, tmp_path, capsys
):
    damage(copy / "mnist_model.h5")
    there = tmp_path / "out.json"
    runtimes = ["--runtime", "tensorflow", "--runtime", "tfjs/wasm"]
    arguments = [str(copy), "--data", str(EXAMPLES), *runtimes, "--json", str(there)]
    assert verify.main(arguments) == 2
    assert f"The reference {words}" in capsys.readouterr().err
    written = json.loads(there.read_text())
    assert words in written["reference"]["reason"] and written["exit_code"] == 2
    assert [each["judgement"] for each in written["lanes"]] == ["not tried"] * 4


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
@pytest.mark.parametrize(
    "dies, code, words",
    [
        ("graph @ tensorflow", 0, "passed"),
        ("keras @ tensorflow", 2, "The reference keras @ tensorflow cannot answer. It ended"),
    ],
)
def test_a_lane_whose_process_dies_is_a_line(small_model, tmp_path, dies, code, words):
    """The process of the command really dies, and the user's goes on."""
    script, there = tmp_path / "planted.py", tmp_path / "out.json"
    script.write_text(
        "import os, signal, sys\n"
        "from models.command_line import ending\n"
        "from models.runtimes import ask\n"
        "from models.verify import command\n"
        "ours = ask._on_server\n"
        "def deadly(data, lane, *rest):\n"
        f"    if str(lane) == {dies!r}:\n"
        "        os.kill(os.getpid(), signal.SIGILL)\n"
        "    return ours(data, lane, *rest)\n"
        "ask._on_server = deadly\n"
        "sys.exit(ending.run(lambda: command.command, 'planted'))\n"
    )
    arguments = [str(small_model), "--data", str(EXAMPLES), "--runtime", "tensorflow"]
    done = subprocess.run(
        [sys.executable, str(script), *arguments, "--json", str(there)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == code, done.stderr
    written = json.loads(there.read_text())
    assert "SIGILL, Illegal instruction" in there.read_text()
    if code:
        assert words in done.stderr and words in written["reference"]["reason"]
        return
    graph, layers = written["lanes"][:2]
    assert graph["judgement"] == "cannot run" and "ended its process (SIGILL" in graph["reason"]
    assert layers["judgement"] == words


def test_a_report_that_cannot_be_written_is_no_pass(small_model, tmp_path, capsys):
    data = ["--data", str(EXAMPLES), "--runtime", "tensorflow"]
    assert verify.main([str(small_model), *data, "--json", str(tmp_path / "no" / "x")]) == 2
    assert "No such file" in capsys.readouterr().err


def test_a_name_of_bytes_that_are_no_utf_8_is_written_as_json_does(tmp_path):
    write_failure("no \udcff.h5", ["tensorflow"], None, tmp_path / "out.json")
    written = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert written["reference"]["reason"] == "no \udcff.h5"


def test_reports_are_written_also_when_nobody_reads_the_output(small_model, tmp_path, monkeypatch):
    def closed_pipe(*_, **__):
        raise BrokenPipeError

    monkeypatch.setattr(verify_text, "show", closed_pipe)
    monkeypatch.setattr(os_calls, "discard_output", lambda: None)
    report = tmp_path / "out.xml"
    arguments = ["--data", str(EXAMPLES), "--runtime", "tensorflow", "--junit", str(report)]
    assert verify.main([str(small_model), *arguments]) == ending.READER_LEFT
    assert len(Xml.parse(report).findall("testcase")) == 6


def test_a_usage_error_exits_2():
    assert verify.main(["--runtime", "abacus"]) == 2


def test_the_digits_are_real_ones_and_the_same_every_time():
    one, again = default_digits.digits(), default_digits.digits()
    assert len(one) == 1000 and len(np.unique(one.stored, axis=0)) == 1000
    np.testing.assert_array_equal(one.stored, again.stored)
    np.testing.assert_array_equal(one.stored[:100], read_path(EXAMPLES).stored)
    assert np.bincount(one.labels).tolist() == [100] * 10
