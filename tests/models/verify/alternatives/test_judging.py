"""Planted lanes: what answers wrongly, always, once or with NaN, is judged, and no choice."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.command_line.ending import CommandError
from models.dataset import samples
from models.formats import manifest as manifests
from models.formats.manifest import Manifest
from models.formats.tensors import Tensor
from models.lanes import Lane, Times
from models.parity import judgement
from models.parity.judgement import ByRule
from models.runtimes import references
from models.runtimes.browser import answers, conversion
from models.runtimes.browser.answers import Asked, BrowserRun
from models.runtimes.browser.conversion import Made
from models.runtimes.browser.message import Message
from models.runtimes.browser.program import Program
from models.runtimes.references import Reference
from models.tfjs.alternatives import packages
from models.verify.alternatives import advice, command, judging, running, text
from models.verify.alternatives.judging import Alternatives, Measured
from models.verify.alternatives.running import Run, Size

EXACT = np.random.default_rng(3).random((4, 5))
REFERENCE = Reference(
    Lane("keras", "tensorflow"), (EXACT.astype(np.float32),), (EXACT,), (ByRule("values", 1e-6),)
)
BROWSER = Program("chromium", Path("chromium"))
LANES = [
    Lane("graph", "tfjs/wasm+1thread"),
    Lane("keras", "litert.js/wasm"),
    Lane("keras", "onnxruntime-web/wasm"),
]


def answering(lane: Lane, *, ms: float = 1.0) -> BrowserRun:
    """A lane that answers as exact does: 50 first predictions, three inputs in one batch, all."""
    right = EXACT.astype(np.float32)
    order = [0, 0, *(at % 3 for at in range(47)), 0]
    asked = tuple(
        Asked(number, at, (right[at : at + 1].copy(),)) for number, at in enumerate(order, 1)
    )
    times = Times(9, 5, (ms, ms, ms))
    return BrowserRun(lane, (right.copy(),), times, 0.1, singles=asked, together=(right[:3],))


def always_wrong(run: BrowserRun) -> None:
    run.outputs[0][:] += 1e-3


def wrong_at_the_second(run: BrowserRun) -> None:
    run.singles[1].outputs[0][0, 2] += 1e-3


def wrong_at_the_last(run: BrowserRun) -> None:
    run.singles[49].outputs[0][0, 2] += 1e-3


def wrong_from_the_last_on(run: BrowserRun) -> None:
    for outputs in (run.singles[49].outputs, run.together, run.outputs):
        outputs[0][:, 2] += 1e-3


def wrong_in_a_batch(run: BrowserRun) -> None:
    run.together[0][1, 4] += 1e-3


def not_a_number(run: BrowserRun) -> None:
    run.outputs[0][3, 1] = np.nan


def test_a_lane_within_rounding_passes() -> None:
    found = judging.judged(REFERENCE, answering(LANES[1]))
    assert (found.kind, found.reason) == ("passed", None)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (always_wrong, r"It is 0\.001\d? off at input \d, value|It is 1e-3 off at input \d"),
        (wrong_at_the_second, r"off at prediction 2, input 0, class 2, where 1e-6 may be rounding"),
        (wrong_at_the_last, r"off at prediction 50, input 0, class 2, where 1e-6 may be rounding"),
        (wrong_from_the_last_on, r"off at (prediction 50, )?input \d, class 2"),
        (wrong_in_a_batch, r"off at input 1, class 4"),
        (not_a_number, "It gives NaN"),
    ],
)
def test_a_planted_fault_is_found_and_its_lane_never_recommended(spoil, said) -> None:
    run = answering(LANES[1], ms=0.01)  # ever so fast
    spoil(run)
    found = judging.judged(REFERENCE, run)
    assert found.kind == "differs"
    assert found.reason is not None and re.search(said, found.reason)
    beside = Measured(judging.judged(REFERENCE, answering(LANES[0])), Times(9, 5, (1.0,)))
    spoilt = Measured(found, run.times, Size(compressed=1))
    told = advice.sentences([beside, spoilt])
    assert told[-1] == "TensorFlow.js graph on wasm keeps your model."
    (fault,) = [each for each in told if each.startswith("LiteRT.js")]
    assert fault.startswith("LiteRT.js answers differently on wasm: It ")
    assert Alternatives(MANIFEST, 4, REFERENCE, (beside, spoilt)).exit_code == 1


def test_an_answer_of_another_shape_differs() -> None:
    fewer = (EXACT[:, :4].astype(np.float32),)
    assert judging.judged(REFERENCE, BrowserRun(LANES[1], fewer)).kind == "differs"


def test_what_a_page_says_is_one_line_that_no_terminal_obeys() -> None:
    found = judging.judged(REFERENCE, BrowserRun(LANES[1], error="It is\n\x1b[2Jbroken. More."))
    assert found == judgement.cannot_run(LANES[1], "It is \\x1b[2Jbroken. More.")
    lines = text.lines(Alternatives(MANIFEST, 4, REFERENCE, (Measured(found),)))
    assert lines[1].endswith("  cannot run: It is \\x1b[2Jbroken.")


def test_all_that_keep_the_model_are_compared_with_tensorflow_js() -> None:
    sizes = (Size(compressed=298_000), Size(compressed=2_100_000), Size(compressed=298_000))
    measured = [
        Measured(judging.judged(REFERENCE, answering(lane)), Times(9, 5, (ms,)), size)
        for lane, ms, size in zip(LANES, (1.1, 0.4, 1.2), sizes, strict=True)
    ]
    assert advice.sentences(measured) == [
        "TensorFlow.js graph on wasm: 1.1 ms, 298 kB.",
        "LiteRT.js on wasm: 0.4 ms, 2.1 MB.",
        "ONNX Runtime Web on wasm: 1.2 ms, 298 kB.",
        "All keep your model.",
        "LiteRT.js is 2.8 times as fast as TensorFlow.js, for 7.0 times the download.",
        "ONNX Runtime Web is about as fast as TensorFlow.js, for 1.0 times the download.",
    ]
    assert advice.sentences(measured[:2])[2] == "Both keep your model."
    card = Lane("keras", "litert.js/webgpu")
    wrong = replace(judging.judged(REFERENCE, answering(card)), kind="differs", reason="off")
    measured.append(Measured(wrong, Times(9, 5, (0.1,)), Size()))
    assert advice.sentences(measured)[4] == (
        "TensorFlow.js graph on wasm and LiteRT.js on wasm and ONNX Runtime Web on wasm keep your "
        "model."
    )


def test_webgpu_that_the_processor_draws_has_no_times_and_is_said() -> None:
    lane = Lane("keras", "litert.js/webgpu")
    drawn = Measured(judging.judged(REFERENCE, answering(lane)), size=SIZE, software=True)
    assert advice.sentences([drawn]) == [
        "LiteRT.js on WebGPU: software rendering, 2.1 MB.",
        "LiteRT.js keeps your model.",
    ]
    beside = Measured(judging.judged(REFERENCE, answering(LANES[0])), Times(9, 5, (1.0,)))
    assert advice.sentences([beside, drawn])[2:] == ["Both keep your model."]
    found = Alternatives(MANIFEST, 4, REFERENCE, (drawn,))
    row, said = text.lines(found)[1:3]
    assert re.search(r"webgpu +– +– .* passed, software rendering$", row)
    assert "nothing of a graphics card" in said
    assert text.kept("T", found)["rows"][0]["cells"][:2] == ["–", "–"]
    assert text.as_json(found, {})["lanes"][0]["first_ms"] is None


SIZE = Size(compressed=2_100_000)
MANIFEST = Manifest(
    "tried", "Tried", (), {"keras": "model.h5"}, {}, None, tensors=(Tensor("x", (2,)),)
)


@pytest.fixture
def asked(monkeypatch) -> list[Lane]:
    """What was asked of a model whose files are right, and whose lanes all answer."""
    found: list[Lane] = []

    def run(_folder, lane, _model, tensors, _program) -> Run:
        found.append(lane)
        return Run(answering(lane), Size(script=len(tensors[0])))

    monkeypatch.setattr(running, "run", run)
    monkeypatch.setattr(manifests, "read", lambda _: MANIFEST)
    monkeypatch.setattr(references, "find", lambda *_: REFERENCE)
    monkeypatch.setattr(judging.safety, "check_model", lambda *_: None)
    return found


def measure(runtimes: list[str], rounds: int = 1) -> Alternatives:
    given = samples.of_tensors((np.zeros((4, 2), np.float32),))
    return judging.measure(Path(), given, Path(), BROWSER, runtimes, rounds=rounds)


def test_what_cannot_be_converted_is_a_line_with_its_reason_and_is_not_asked(
    asked, monkeypatch, capsys
) -> None:
    made = (Made("tflite", reason="It has no operation X."), Made("onnx", Path("model.onnx")))
    monkeypatch.setattr(conversion, "convert", lambda *_: made)
    found = measure(["litert.js/wasm", "onnxruntime-web/wasm"])
    assert asked == [Lane("keras", "onnxruntime-web/wasm")]
    lite, onnx = found.measured
    assert lite.judgement == judgement.cannot_run(LANES[1], "It has no operation X.")
    assert onnx.judgement.kind == "passed" and found.exit_code == 0
    row = next(each for each in text.lines(found) if each.startswith("keras @ litert.js/wasm"))
    assert row.endswith("cannot run: It has no operation X.")
    assert "LiteRT.js cannot run on wasm: It has no operation X." in advice.sentences(
        found.measured
    )


def test_lanes_take_turns_and_a_fault_in_any_round_counts(asked, monkeypatch) -> None:
    made = (Made("tflite", Path("model.tflite")),)
    monkeypatch.setattr(conversion, "convert", lambda *_: made)
    real = running.run

    def once_wrong(folder, lane, model, tensors, program) -> Run:
        found = real(folder, lane, model, tensors, program)
        if len(asked) == 2:
            always_wrong(found.answered)
        return found

    monkeypatch.setattr(running, "run", once_wrong)
    found = measure(["litert.js/wasm"], rounds=3)
    (lane,) = found.measured
    assert len(asked) == 3 and len(lane.times.steady_ms) == 9
    assert lane.judgement.kind == "differs" and found.exit_code == 1


def test_what_has_no_times_is_asked_once(asked, monkeypatch) -> None:
    made = (Made("tflite", Path("model.tflite")),)
    monkeypatch.setattr(conversion, "convert", lambda *_: made)
    real = running.run

    def drawn(folder, lane, *rest) -> Run:
        found = real(folder, lane, *rest)
        software = lane.runtime.endswith("webgpu")
        return replace(found, answered=replace(found.answered, software=software))

    monkeypatch.setattr(running, "run", drawn)
    found = measure(["litert.js/wasm", "litert.js/webgpu"], rounds=3)
    assert [each.runtime for each in asked].count("litert.js/webgpu") == 1
    assert [len(each.times.steady_ms) for each in found.measured] == [9, 0]


def test_where_no_alternative_answers_nothing_was_compared(asked, monkeypatch) -> None:
    made = (Made("tflite", reason="No."),)
    monkeypatch.setattr(conversion, "convert", lambda *_: made)
    assert measure(["litert.js/wasm"]).exit_code == 2


def test_json_has_no_nan(asked, monkeypatch) -> None:
    run = answering(LANES[1])
    not_a_number(run)
    spoilt = Measured(judging.judged(REFERENCE, run), run.times)
    found = text.as_json(Alternatives(MANIFEST, 4, REFERENCE, (spoilt,)), {"litert.js": "2"})
    assert found["lanes"][0]["distance"] is None and found["exit_code"] == 1


def test_what_a_page_fetched_is_sized_by_one_ruler(tmp_path) -> None:
    for name, size in (("a.js", 10_000), ("b.wasm", 20_000), ("model.bin", 3_000), ("no.js", 9)):
        (tmp_path / name).write_bytes(bytes(size))
    files = {
        "tfjs/a.js": tmp_path / "a.js",
        "tfjs/b.wasm": tmp_path / "b.wasm",
        "model/model.bin": tmp_path / "model.bin",
        "tfjs/no.js": tmp_path / "no.js",
    }
    told = ["tfjs/a.js", "tfjs/a.js", "model/model.bin", "tfjs/b.wasm", "run.js", "../x"]
    found = running.size_of(files, told)
    assert (found.script, found.wasm, found.weights) == (10_000, 20_000, 3_000)
    assert 0 < found.compressed < 300


def test_a_lane_that_never_comes_to_an_end_cannot_run(monkeypatch) -> None:
    monkeypatch.setattr(running, "_LONGEST", -1.0)
    said = {"kind": "rows", "lane": 0, "what": "prediction", "number": 1}
    messages = iter([Message(said, np.zeros(0, np.float32))] * 3)
    (run,) = answers.collect(running.Listener().passing(messages), [LANES[1]], 4)
    assert run.error == "It had not answered everything within -1 s."


def test_without_the_packages_the_command_says_how_to_get_them(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(packages, "folder", lambda: tmp_path)
    with pytest.raises(CommandError, match="`digit-parity setup alternatives` fetches them"):
        command.command.main(["mnist"], standalone_mode=False)
