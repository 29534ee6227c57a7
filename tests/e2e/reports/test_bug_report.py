"""A bug report shows its fault in a browser, from a disk, without a server or a network."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.bisect.bug_report import page as report
from models.formats.store import SHIPPED
from models.runtimes import node
from models.tfjs import report_bundle
from tests.e2e.reports import opened
from tests.models.bisect import planted_operations as planted
from tests.models.bisect.bug_report.test_page import HOSTILE, made

pytestmark = pytest.mark.skipif(not node.SCRIPT.is_file(), reason="`make install` bundles it")


@pytest.mark.parametrize("name", ["a stride", "a dilation"])
def test_the_same_difference_shows_when_it_is_opened(name, browser, tmp_path):
    fault = planted.FAULTS[name]
    folder = planted.planted(fault, SHIPPED, tmp_path)
    found = planted.find(folder, fault.lane, planted.digits(1))
    assert found.bisection.layer == fault.layer
    file = tmp_path / "fault.html"
    file.write_text(report.write(found, report_bundle.read()), "utf-8")
    assert file.stat().st_size <= report.MOST_BYTES
    shown = opened.read(browser, file)
    assert shown.errors == [] and shown.overflow == 0
    assert all(each.startswith(("file:", "blob:")) for each in shown.asked)
    assert shown.kind == "reproduced" and shown.verdict.startswith("Reproduced: ")
    for backend in ("cpu", "wasm"):
        assert shown.live[backend].startswith("reproduced: "), shown.live
    assert shown.printed.startswith("Tensor")


def test_a_hostile_name_is_shown_and_runs_nothing(browser, tmp_path):
    found = made([[1, 3]], [[1, 1]], name=HOSTILE)  # its inputs are ones
    nodes = [
        {"name": "given", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}}},
        {"name": HOSTILE, "op": "Relu", "input": ["given"], "attr": {"T": {"type": "DT_FLOAT"}}},
    ]
    (given,) = found.trial.case["inputs"]
    topology = {"versions": {"producer": 0}, "node": nodes}
    inputs = [{**given, "name": "given"}]
    case = {**found.trial.case, "topology": topology, "inputs": inputs, "weights": [], "data": ""}
    trial = replace(found.trial, case=case)
    file = tmp_path / "fault.html"
    shown_of = replace(found, trial=trial, whole=trial)
    file.write_text(report.write(shown_of, report_bundle.read()), "utf-8")
    shown = opened.read(browser, file)
    assert shown.errors == [] and shown.overflow == 0
    assert shown.verdict == "Reproduced: difference 2 (the command measured 2)."
    assert shown.printed.startswith("Tensor")
