"""The gate asks a browser where it is told to, and says what came of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.formats.store import SHIPPED
from models.lanes import Lane
from models.runtimes import node
from models.runtimes.browser import program, tfjs
from models.runtimes.browser.answers import Asked, BrowserRun
from models.runtimes.browser.program import Program
from models.verify import command as verify
from models.verify import listing

needs_bundle = pytest.mark.skipif(not node.SCRIPT.is_file(), reason="`make install` bundles it")
DATA = ("--data", str(SHIPPED / "examples.npz"))
CHROMIUM = Program("chromium", Path("chromium"))


@pytest.fixture
def asked(monkeypatch):
    """A browser that answers as Node does, but for what a test changes; and what it was asked."""
    asked: dict[Lane, dict[str, object]] = {}
    changes: dict[str, object] = {}

    def predict(folder, lanes, tensors, browser, *, predictions):
        (lane,) = lanes
        asked[lane] = {"browser": browser, "inputs": len(tensors[0]), "predictions": predictions}
        change = changes.get(lane.setting or lane.backend)
        if isinstance(change, str):
            return {lane: BrowserRun(lane, error=change)}
        of_node = Lane(lane.format, "tfjs/wasm", lane.weights)
        (run,) = node.predict(folder, [of_node], tensors).values()
        (outputs,) = run.outputs
        singles = tuple(
            Asked(number, at, (outputs[at : at + 1],))
            for number, at in enumerate([0, 0, 1, 2, 0], 1)
        )
        ran = BrowserRun(
            *(lane, (outputs,), run.times, 0.5),
            singles=singles,
            together=(outputs[:3],),
            browser="Chromium 156",
            renderer="SwiftShader" if lane.backend == "webgl" else None,
            software=lane.backend == "webgl",
        )
        return {lane: change(ran) if change else ran}

    monkeypatch.setattr(tfjs, "predict", predict)
    monkeypatch.setattr(program, "find", lambda wanted: replace(CHROMIUM, path=Path(wanted)))
    asked_and_changes = asked, changes
    return asked_and_changes


def second_differs(run):
    first, second, *others = run.singles
    other = replace(second, outputs=(second.outputs[0] + np.float32(0.1),))
    return replace(run, singles=(first, other, *others))


def gives_nan(run):
    return replace(run, outputs=(np.full_like(run.outputs[0], np.nan),))


@needs_bundle
def test_what_only_a_browser_runs_runs_there_and_the_rest_with_it(
    asked, small_model, tmp_path, capsys
):
    asked, _ = asked
    written = tmp_path / "found.json"
    arguments = [str(small_model), *DATA, "--json", str(written)]
    for runtime in ("tensorflow", "tfjs/webgl", "tfjs/wasm+4threads"):
        arguments += ["--runtime", runtime]
    assert verify.main(arguments) == 0
    assert {str(lane) for lane in asked} == {
        *("graph @ tfjs/webgl", "layers @ tfjs/webgl"),
        *("graph @ tfjs/wasm+4threads", "layers @ tfjs/wasm+4threads"),
    }
    assert {each["browser"].path.name for each in asked.values()} == {"chromium"}
    counts = {lane.backend: each["inputs"] for lane, each in asked.items()}
    assert counts == {"webgl": 64, "wasm": 100}
    text = capsys.readouterr().out
    assert "In Chromium 156: tfjs/webgl is drawn in software (SwiftShader)" in text
    assert "Predictions 1, 2 and 5 of one input are the same to the bit" in text
    found = json.loads(written.read_text("utf-8"))
    ran = {each["lane"]: each["browser"] for each in found["lanes"]}
    assert ran["graph @ tensorflow"] is None
    assert ran["graph @ tfjs/webgl"]["software"] is True
    assert ran["graph @ tfjs/webgl"]["again"] == 0
    # What software draws takes no time that counts.
    assert found["recommendation"]["runtime"] == "tfjs/wasm+4threads"


@needs_bundle
@pytest.mark.parametrize(
    "change, words",
    [
        (second_differs, "The answers of prediction 2 differ from the first ones to the same inp"),
        (gives_nan, "It gives NaN, first at input 0"),
    ],
)
def test_a_planted_fault_of_a_backend_is_found_and_said(asked, small_model, capsys, change, words):
    _, changes = asked
    changes["webgl"] = change
    arguments = [str(small_model), *DATA, "--runtime", "tfjs/webgl", "--runtime", "tfjs/wasm"]
    assert verify.main(arguments) == 1
    text = capsys.readouterr().out
    assert words in text
    assert "FAILED: 2 of 4 lanes" in text
    assert "Ship graph, on tfjs/wasm alone." in text or "Ship layers, on tfjs/wasm alone." in text


@needs_bundle
def test_a_backend_that_cannot_start_is_a_line_with_its_reason(asked, small_model, capsys):
    _, changes = asked
    changes["webgpu"] = "The backend webgpu does not work here: no graphics card."
    arguments = [str(small_model), *DATA, "--runtime", "tfjs/webgpu", "--runtime", "tfjs/wasm"]
    assert verify.main(arguments) == 0
    text = capsys.readouterr().out
    assert "graph @ tfjs/webgpu         cannot run: The backend webgpu does not work here" in text
    assert "2 cannot run: graph @ tfjs/webgpu, layers @ tfjs/webgpu" in text


@needs_bundle
def test_half_floats_are_no_fault_of_the_conversion(asked, small_model, capsys):
    _, changes = asked
    changes["f16"] = lambda run: replace(run, outputs=(run.outputs[0] * np.float32(1.01),))
    arguments = [str(small_model), *DATA, "--runtime", "tfjs/webgl", "--runtime", "tfjs/webgl+f16"]
    assert verify.main(arguments) == 1
    text = capsys.readouterr().out
    assert "keeps 16 bits of a number in its textures" in text
    assert "It gives the same class for 100.00% of the inputs." in text
    assert "the conversion kept your model" in text
    assert verify.main([*arguments[:3], *arguments[5:]]) == 1
    assert "half floats alone do not tell" in capsys.readouterr().out


def test_runtimes_and_the_browser_that_they_need(monkeypatch):
    monkeypatch.setattr(program, "find", lambda wanted: wanted)
    assert listing.browser_for([], None) is None
    assert listing.browser_for(["tensorflow", "tfjs/wasm", "tfjs/cpu"], None) is None
    assert listing.browser_for(["tfjs/wasm", "tfjs/webgpu"], None) == "chromium"
    assert listing.browser_for(["tfjs/wasm+1thread"], None) == "chromium"
    assert listing.browser_for(["tfjs/wasm"], "firefox") == "firefox"
    assert listing.asked([], None) == ("tensorflow", "tfjs/wasm", "tfjs/cpu")
    assert "tfjs/webgl" in listing.asked([], "firefox")
    assert listing.asked(["tfjs/cpu"], "firefox") == ["tfjs/cpu"]


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--browser", "netscape"], "netscape is no browser"),
        (["--runtime", "tfjs/webgl"], "There is no chromium here"),
        (["--browser", "firefox"], "There is no firefox here"),
    ],
)
def test_a_browser_that_is_not_here_is_said_and_exits_2(
    arguments, words, monkeypatch, tmp_path, capsys
):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    for name in ("CHROMIUM", "FIREFOX"):
        monkeypatch.delenv(name, raising=False)
    written = tmp_path / "found.json"
    assert verify.main([str(SHIPPED), *arguments, "--json", str(written)]) == 2
    assert words in capsys.readouterr().err
    found = json.loads(written.read_text("utf-8"))
    assert {each["judgement"] for each in found["lanes"]} == {"not tried"}
    assert all(words in each["reason"] for each in found["lanes"])


def test_an_unheard_of_runtime_is_a_usage_error(capsys):
    assert verify.main([str(SHIPPED), "--runtime", "tfjs/webgl+4threads"]) == 2
    assert "tfjs/webgl+f16" in capsys.readouterr().err
