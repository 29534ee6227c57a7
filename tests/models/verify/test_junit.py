"""JUnit reports of made-up verifications."""

from xml.etree import ElementTree as Xml

import pytest

from models.formats.manifest import Manifest
from models.lanes import Lane
from models.parity.agreement import compare
from models.verify import junit
from models.verify.verification import Check, Verification

MANIFEST = Manifest("toy", "Toy", ("a", "b"), {"keras": "m.h5"}, {})
LANE = Lane("graph", "tfjs/wasm")


def agreement(apart: float):
    return compare([[0.25, 0.75], [0.5, 0.5]], [[0.25, 0.75 + apart], [0.5, 0.5]])


@pytest.fixture
def written(tmp_path):
    def write(*checks: Check, changed=()) -> Xml.Element:
        path = tmp_path / "report.xml"
        junit.write(Verification(MANIFEST, 2, 1e-5, 0.0, checks, changed), path)
        return Xml.parse(path).getroot()

    return write


def test_a_lane_that_passes_has_its_figures(written):
    suite = written(Check(LANE, agreement(0), True, 1.5))
    (case,) = suite
    assert case.attrib == {"classname": "toy", "name": "graph @ tfjs/wasm", "time": "1.500"}
    assert [child.tag for child in case] == ["system-out"]
    assert "same top 100.00%" in case[0].text and suite.get("failures") == "0"


def test_a_lane_that_differs_is_a_failure_that_says_by_how_much(written):
    suite = written(Check(LANE, agreement(0.125), True))
    assert suite.get("failures") == "1"
    assert suite.find("testcase/failure").get("message") == (
        "It differs from keras @ tensorflow by up to 1.2e-1 (image 0, class 1) and would pass "
        "from atol 1.2e-1 on; given was 1e-05."
    )


def test_a_lane_without_an_answer_is_an_error_whatever_bytes_its_reason_has(written):
    suite = written(Check(LANE, None, True, error="a <b> & \x00\x1b \ud800 end"))
    assert suite.get("errors") == "1"
    assert suite.find("testcase/error").get("message") == "a <b> & �� � end"


def test_what_is_not_judged_is_skipped_and_changed_files_are_named(written):
    suite = written(Check(LANE, agreement(0.5), False), changed=("a.bin",))
    assert suite.get("skipped") == "1" and suite.find("testcase/skipped") is not None
    assert suite.find("system-out").text.endswith("a.bin")
