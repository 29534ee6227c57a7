"""The gate in other people's builds: what action.yml and the pre-commit hook run."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pytest
import yaml

from models import __main__ as digit_parity
from models.formats.store import EXAMPLES, SHIPPED
from models.runtimes import node

ROOT = Path(__file__).resolve().parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
STEPS = {each["run"].split()[-1]: each for each in ACTION["runs"]["steps"] if "run" in each}
MODEL = {"original": "m.h5", "graph": "graph", "layers": "layers"}
needs_bundle = pytest.mark.skipif(not node.SCRIPT.is_file(), reason="`make install` bundles it")
STUB = """#!{python}
import json, os, sys
(junit,) = [word.partition("=")[2] for word in sys.argv if word.startswith("--junit=")]
json.dump(sys.argv[1:], open(os.environ["RUNNER_TEMP"] + "/called.json", "w"))
if {code} < 2:
    open(junit, "w").write("<testsuite/>")
print({out!r})
print({err!r}, file=sys.stderr)
sys.exit({code})
"""
REAL = """#!/bin/sh
PYTHONPATH='{root}' exec '{python}' -P -m models "$@"
"""


@dataclass(frozen=True)
class Step:
    """How a step of the action ended, and what it left to the runner."""

    failed: bool
    log: str
    summary: str
    outputs: dict[str, str]


@pytest.fixture
def runner(tmp_path):
    """A runner's folders: a workspace with a model's files, and one for temporary files."""
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    shutil.copy(SHIPPED / "mnist_model.h5", workspace / "m.h5")
    for form in ("graph", "layers"):
        shutil.copytree(SHIPPED / f"model_{form}", workspace / form)
    (tmp_path / "digit-parity" / "bin").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def installed(runner) -> Callable[..., None]:
    """Puts a program in the place where the action installs ``digit-parity``."""

    def put(text: str, **places: object) -> None:
        path = runner / "digit-parity" / "bin" / "digit-parity"
        path.write_text(text.format(python=sys.executable, root=ROOT, **places))
        path.chmod(0o755)

    return put


@pytest.fixture
def step(runner) -> Callable[..., Step]:
    """Runs a step of action.yml as a runner does, with these inputs."""

    def run(name: str, **inputs: str) -> Step:
        given = {key: each.get("default", "") for key, each in ACTION["inputs"].items()}
        given |= {key.replace("_", "-"): value for key, value in inputs.items()}
        assert given.keys() == ACTION["inputs"].keys()
        values = {
            "${{ toJSON(inputs) }}": json.dumps(given, indent=2),
            "${{ steps.python.outputs.python-path }}": sys.executable,
        }
        written = {"GITHUB_STEP_SUMMARY": runner / "summary", "GITHUB_OUTPUT": runner / "output"}
        script = runner / "script.sh"
        script.write_text(STEPS[name]["run"])
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script],
            cwd=runner / "workspace",
            # What other tests in this process set makes TensorFlow talk.
            env={key: value for key, value in os.environ.items() if not key.startswith("TF_")}
            | {"GITHUB_ACTION_PATH": str(ROOT), "RUNNER_TEMP": str(runner)}
            | {key: str(path) for key, path in written.items()}
            | {key: values[value] for key, value in STEPS[name]["env"].items()},
            capture_output=True,
            text=True,
        )
        assert done.stderr == "", done.stderr
        summary, output = (
            path.read_text("utf-8") if path.exists() else "" for path in written.values()
        )
        outputs = dict(line.split("=", 1) for line in output.splitlines())
        return Step(done.returncode != 0, done.stdout, summary, outputs)

    return run


@needs_bundle
def test_the_shipped_models_files_pass_the_gate(step, installed):
    installed(REAL)
    done = step("verify", **MODEL, data=str(EXAMPLES))
    assert not done.failed, done.log
    assert "    PASSED: 4 lanes answer like keras @ tensorflow" in done.summary
    assert "::error" not in done.log and "::warning" not in done.log
    assert done.outputs["exit-code"] == "0"
    assert len(Xml.parse(done.outputs["junit"]).findall("testcase")) == 4


@needs_bundle
def test_a_damaged_weight_closes_the_gate_unless_the_tolerance_allows_it(step, installed, runner):
    installed(REAL)
    path = runner / "workspace" / "graph" / "group1-shard1of1.bin"
    weights = np.frombuffer(path.read_bytes(), "<f4").copy()
    weights[np.abs(weights).argmax()] *= -1
    path.write_bytes(weights.tobytes())
    done = step("verify", **MODEL, data=str(EXAMPLES))
    assert done.failed and done.outputs["exit-code"] == "1"
    assert "::error title=Digit Parity::FAILED: 2 of 4 lanes" in done.log
    suite = Xml.parse(done.outputs["junit"]).getroot()
    assert suite.get("failures") == "2"
    assert not step("verify", **MODEL, data=str(EXAMPLES), tolerance="1").failed


@pytest.mark.parametrize(
    ("out", "err"),
    [("a table\n\nConclusion: 100% known.", "noise"), ("", "Conclusion: 100% known.")],
    ids=["with a report", "without"],
)
@pytest.mark.parametrize(
    ("code", "fail_on", "failed", "level"),
    [
        (0, "any", False, None),
        (1, "differs", True, "error"),
        (1, "never", False, "warning"),
        (2, "differs", False, "warning"),
        (2, "any", True, "error"),
        (70, "differs", True, "error"),
        (70, "never", False, "warning"),
    ],
)
def test_fail_on_decides_which_exit_codes_fail(
    step, installed, code, fail_on, failed, level, out, err
):
    installed(STUB, code=code, out=out, err=err)
    done = step("verify", **MODEL, fail_on=fail_on)
    assert done.failed == failed and done.outputs["exit-code"] == str(code)
    assert ("junit", "") in done.outputs.items() or code < 2
    assert "    Conclusion: 100% known.\n" in done.summary
    said = re.findall(r"^::(error|warning) title=Digit Parity::(.*)$", done.log, re.M)
    assert said == ([(level, "Conclusion: 100%25 known.")] if level else [])


@pytest.mark.parametrize(
    ("code", "fail_on", "failed"),
    [(0, "differs", False), (2, "differs", True), (2, "never", False)],
)
def test_a_required_format_that_cannot_run_closes_the_gate(
    step, installed, runner, code, fail_on, failed
):
    installed(STUB, code=code, out="It ends.", err="")
    done = step("verify", **MODEL, require="graph, layers", fail_on=fail_on)
    assert done.failed == failed
    assert "--require=graph, layers" in json.loads((runner / "called.json").read_text())


def test_inputs_stay_words_and_those_left_out_are_not_given(step, installed, runner):
    installed(STUB, code=0, out="", err="")
    hostile = 'a"; touch pwned; $(touch pwned) `touch pwned`'
    (runner / "workspace" / hostile).mkdir()
    assert not step("verify", graph=hostile, scale="255", tolerance="1e-3").failed
    verb, *options, junit = json.loads((runner / "called.json").read_text())
    assert verb == "verify" and junit.startswith(f"--junit={runner}")
    expected = [f"--graph={hostile}", "--scale=255", "--atol=1e-3"]
    assert options == [*expected, "--runtime=tensorflow", "--runtime=tfjs/wasm"]
    assert not list(runner.rglob("pwned"))


def test_a_browser_takes_the_place_of_the_runtimes(step, installed, runner):
    installed(STUB, code=0, out="", err="")
    assert not step("verify", **MODEL, browser="chromium").failed
    called = json.loads((runner / "called.json").read_text())
    assert "--browser=chromium" in called
    assert not any("--runtime" in each for each in called)


def test_what_a_model_is_called_gives_the_runner_no_command(step, installed):
    installed(STUB, code=0, out="::error::planted\n```\n# planted", err="")
    done = step("verify", **MODEL)
    token = re.search(r"^::stop-commands::(\w{32})$", done.log, re.M)
    assert token is not None
    inside = done.log.partition(token[0])[2].partition(f"\n::{token[1]}::\n")[0]
    assert "::error::planted" in inside
    assert all(line.startswith("    ") for line in done.summary.splitlines()[2:] if line)


@pytest.mark.parametrize("name", ["install", "verify"])
@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({}, "Nothing to compare: give original, graph or layers."),
        ({"original": "modle.h5"}, "There is nothing at modle.h5, which is given as original."),
        (MODEL | {"data": "none.npz"}, "There is nothing at none.npz, which is given as data."),
        (MODEL | {"fail_on": "sometimes"}, "Expected differs, any, never."),
        (MODEL | {"tolerance": "nan"}, "tolerance is 'nan'. Expected a number"),
        (MODEL | {"tolerance": "-1"}, "tolerance is '-1'. Expected a number"),
        (MODEL | {"scale": "many"}, "scale is 'many'. Expected a number"),
        (MODEL | {"require": "graph,web"}, "require names 'web'. Expected graph, layers or"),
    ],
)
def test_inputs_that_cannot_be_used_close_the_gate_before_anything_is_installed(
    step, name, inputs, words
):
    done = step(name, **inputs)
    assert done.failed and "::error title=Digit Parity::" in done.log and words in done.log
    assert done.outputs == {}


@pytest.fixture
def started(monkeypatch, tmp_path) -> list[list[str]]:
    """The programs that would have been started."""
    calls: list[list[str]] = []

    def note(command, **_):
        calls.append([str(word).replace(str(tmp_path), "HOME") for word in command])

    monkeypatch.setattr(subprocess, "run", note)
    monkeypatch.setenv("GITHUB_ACTION_PATH", "CHECKOUT")
    return calls


@pytest.mark.parametrize(
    ("given", "converts"),
    [
        ({"original", "graph", "layers"}, False),
        ({"graph", "layers"}, False),
        ({"graph"}, False),
        ({"original"}, True),
        ({"original", "layers"}, True),
    ],
)
def test_the_converter_is_installed_only_where_something_is_converted(
    started, given, converts, tmp_path
):
    gate = runpy.run_path(str(ROOT / "deploy" / "action" / "gate.py"))
    assert gate["install"](dict.fromkeys(given, "x"), tmp_path) == 0
    venv, locked, own, *rest = started
    assert venv == [sys.executable, "-m", "venv", "HOME"]
    for pip in (locked, own):
        assert pip[0].startswith("HOME") and pip[1:4] == ["-m", "pip", "install"]
    lock = Path("CHECKOUT", "requirements", "serve.txt")
    assert locked[-2:] == ["--requirement", str(lock)]
    assert (ROOT / lock.relative_to("CHECKOUT")).is_file()
    assert own[-2:] == ["--no-deps", "CHECKOUT"]
    assert [each[1:] for each in rest] == ([["setup"]] if converts else [])
    assert "setup" in digit_parity.command.commands


def test_no_script_of_the_action_has_an_input_in_its_text():
    assert set(STEPS) == {"install", "verify"}
    assert not [each["run"] for each in STEPS.values() if "${{" in each["run"]]


def test_every_action_that_is_used_is_pinned_to_a_commit():
    texts = [ROOT / "action.yml", *(ROOT / ".github" / "workflows").iterdir()]
    used = re.findall(r"uses: (\S+)", "\n".join(path.read_text("utf-8") for path in texts))
    others = [each for each in used if each != "./"]
    assert others and all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", each) for each in others)


@pytest.mark.parametrize(
    ("name", "runs"),
    [
        ("model.h5", True),
        ("web/model.keras", True),
        ("web/model.json", True),
        ("web/group1-shard1of1.bin", True),
        ("web/my_model.json", False),
        ("src/h5.py", False),
    ],
)
def test_the_hook_runs_when_a_models_file_changes(name, runs):
    assert bool(re.search(HOOK["files"], name)) == runs
