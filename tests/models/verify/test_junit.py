"""JUnit reports and JSON of made-up verifications."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from xml.etree import ElementTree as Xml

import numpy as np
import pytest

from models.formats.manifest import Manifest
from models.lanes import REFERENCE, Lane
from models.parity.advice.recommendation import Recommendation
from models.parity.judgement import ByRule, Judgement, cannot_run, not_tried
from models.runtimes.references import Reference
from models.verify import junit, report
from models.verify.verification import Verification

MANIFEST = Manifest("toy", "Toy", ("a", "b"), {"keras": "m.h5"}, {})
LANE, LAYERS = Lane("graph", "tfjs/wasm"), Lane("layers", "tfjs/wasm")
BASE = np.array([[0.25, 0.75], [0.5, 0.5]])
RULE = ByRule("softmax", 1e-5)
ADVICE = Recommendation("graph", "tfjs/wasm", "Ship graph.")


def judged(apart: float) -> Judgement:
    return RULE.judge(LANE, BASE, BASE + np.array([[apart, -apart], [0, 0]]))


def verification(*judgements: Judgement, changed=()) -> Verification:
    reference = Reference(REFERENCE, BASE.astype(np.float32), BASE, RULE, 1e-7)
    return Verification(MANIFEST, 2, reference, judgements, ADVICE, ("Few.",), changed)


def on_tensorflow(apart: float) -> Judgement:
    return replace(judged(apart), lane=Lane("graph", "tensorflow"))


@pytest.fixture
def written(tmp_path):
    def write(*judgements: Judgement, changed=()) -> Xml.Element:
        path = tmp_path / "report.xml"
        junit.write(verification(*judgements, changed=changed), path)
        return Xml.parse(path).getroot()

    return write


def test_a_lane_that_passes_has_its_figures(written):
    suite = written(judged(0))
    case = suite.find("testcase")
    assert case.attrib == {"classname": "toy", "name": "graph @ tfjs/wasm", "time": "0.000"}
    assert [child.tag for child in case] == ["system-out"]
    assert "same top 100.00%" in case[0].text and suite.get("failures") == "0"
    assert suite.find("system-out").text == "Few.\nShip graph."


def test_a_lane_that_differs_is_a_failure_that_says_by_how_much(written):
    suite = written(judged(0.125))
    assert suite.get("failures") == "1"
    assert suite.find("testcase/failure").get("message") == (
        "It is 0.54 off at input 0, class 0, where 1e-5 may be rounding."
    )


SENSITIVE = ByRule("softmax", 2.2).judge(LANE, BASE, BASE + np.array([[0.1, -0.1], [0, 0]]))


def test_a_lane_that_cannot_be_judged_is_an_error_with_its_figures(written):
    suite = written(SENSITIVE)
    assert (suite.get("errors"), suite.get("failures")) == ("1", "0")
    assert "completely: it is 0.44 off" in suite.find("testcase/error").get("message")
    assert "bound 2.2" in suite.find("testcase/system-out").text


@pytest.mark.parametrize(
    ("judgements", "given", "required", "code"),
    [
        ([judged(0)], [], [], 0),
        ([judged(0), cannot_run(LAYERS, "no")], [], [], 0),
        ([judged(0), cannot_run(LAYERS, "no")], ["layers"], [], 2),
        ([judged(0), cannot_run(LAYERS, "no")], ["graph"], [], 0),
        ([judged(0), cannot_run(LAYERS, "no")], [], ["layers"], 2),
        ([judged(0), cannot_run(Lane("graph", "tfjs/cpu"), "no")], ["graph"], [], 0),
        ([judged(0), cannot_run(Lane("graph", "tfjs/cpu"), "no")], [], ["graph"], 2),
        ([judged(0), cannot_run(Lane("graph", "tensorflow"), "no")], ["graph"], [], 0),
        ([cannot_run(LANE, "no"), on_tensorflow(0)], ["graph"], [], 2),
        ([judged(0), not_tried(LAYERS, "no")], ["layers"], [], 0),
        ([judged(0.125), cannot_run(LAYERS, "no")], ["layers"], [], 1),
        ([SENSITIVE], [], [], 2),
        ([SENSITIVE, judged(0)], [], [], 2),
        ([SENSITIVE, judged(0.125)], [], [], 1),
    ],
)
def test_the_exit_code_is_0_only_where_all_that_was_given_was_compared(
    judgements, given, required, code
):
    found = replace(verification(*judgements), given=tuple(given), required=tuple(required))
    assert found.exit_code == code


def test_a_lane_that_cannot_run_is_an_error_whatever_bytes_its_reason_has(written):
    suite = written(cannot_run(LANE, "a <b> & \x00\x1b \ud800 end"))
    assert suite.get("errors") == "1"
    assert suite.find("testcase/error").get("message") == "a <b> & �� � end"


def test_a_known_limit_is_named_in_the_case_that_it_explains(written):
    explained = replace(cannot_run(LANE, "no layer X"), limit="unknown-layer")
    suite = written(explained, cannot_run(LANE, "no memory"))
    known, unknown = (each.get("message") for each in suite.iterfind("testcase/error"))
    assert known.startswith("no layer X Known limit unknown-layer: TensorFlow.js does not load")
    assert unknown == "no memory"


def test_what_is_not_tried_is_skipped_and_changed_files_are_named(written):
    suite = written(not_tried(LANE, "not built"), changed=("a.bin",))
    assert suite.get("skipped") == "1"
    assert suite.find("testcase/skipped").get("message") == "not built"
    assert suite.find("system-out").text.endswith("a.bin")


def test_json_has_the_fields_that_docs_build_gate_names(tmp_path):
    path = tmp_path / "out.json"
    report.write(verification(judged(0.125), cannot_run(LANE, "no layer X")), path)
    content = json.loads(path.read_text())
    assert list(content) == [
        "schema",
        "reference",
        "inputs",
        "lanes",
        "official",
        "recommendation",
        "exit_code",
    ]
    differs, unable = content["lanes"]
    assert differs | {"distance": None, "reason": None} == {
        "lane": "graph @ tfjs/wasm",
        "format": "graph",
        "runtime": "tfjs/wasm",
        "weights": "float32",
        "judgement": "differs",
        "reason": None,
        "distance": None,
        "bound": 1e-5,
        "same_top": 1.0,
        "worst": {"input": 0, "class": 0},
        "limit": None,
        "browser": None,
    }
    assert unable["judgement"] == "cannot run" and unable["reason"] == "no layer X"
    assert unable["distance"] is unable["worst"] is None
    assert content["exit_code"] == 1
    assert content["recommendation"] == vars(ADVICE)
    assert content["inputs"]["count"] == 2
    assert content["reference"]["answered_by"].startswith("tf_keras ")
    assert content["reference"]["reason"] is None


def test_json_of_what_could_not_be_compared_has_the_same_fields(tmp_path):
    paths = tmp_path / "done.json", tmp_path / "failed.json"
    report.write(verification(judged(0.125)), paths[0])
    report.write_failure("It is no model.", ["tensorflow", "tfjs/wasm"], None, paths[1])
    done, failed = (json.loads(path.read_text()) for path in paths)
    for part in ("reference", "inputs", "recommendation"):
        assert list(done[part]) == list(failed[part])
    assert list(done) == list(failed) and list(done["lanes"][0]) == list(failed["lanes"][0])
    assert failed["reference"]["lane"] is None
    assert failed["reference"]["reason"] == "It is no model."
    assert {(each["judgement"], each["reason"]) for each in failed["lanes"]} == {
        ("not tried", "It is no model.")
    }
    assert [each["lane"] for each in failed["lanes"]][1:3] == [
        "layers @ tensorflow",
        "graph @ tfjs/wasm",
    ]
    assert failed["recommendation"]["sentence"] == "Nothing is recommended: It is no model."
    assert failed["exit_code"] == 2


def test_json_of_a_failure_that_cannot_be_written_leaves_the_failure(tmp_path):
    report.write_failure("It is no model.", [], None, tmp_path / "none" / "out.json")
    report.write_failure("It is no model.", [], None, None)
    assert list(tmp_path.iterdir()) == []


def test_json_has_no_nan(tmp_path):
    report.write(verification(judged(math.nan)), tmp_path / "out.json")
    (lane,) = json.loads((tmp_path / "out.json").read_text())["lanes"]
    assert lane["distance"] is None and "NaN" in lane["reason"]
