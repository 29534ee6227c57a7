"""Writes a verification as a JUnit report for build servers, with one test case for each lane."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as Xml

from models.parity import explanation, file_numbers
from models.parity.judgement import Judgement
from models.verify.text import cells
from models.verify.verification import Verification

_TAGS = {
    "differs": "failure",
    "cannot be judged": "error",
    "cannot run": "error",
    "not tried": "skipped",
}
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(result: Verification, path: Path) -> None:
    """Write the report to ``path``. Raises OSError."""
    suite = Xml.Element(
        "testsuite",
        name=f"models.verify {result.manifest.name}",
        tests=str(len(result.judgements)),
        failures=str(len(result.lanes("differs"))),
        errors=str(len(result.lanes("cannot be judged") + result.lanes("cannot run"))),
        skipped=str(len(result.lanes("not tried"))),
        time=f"{sum(each.seconds for each in result.judgements):.3f}",
    )
    for each in result.judgements:
        suite.append(_case(each, result))
    said = [*result.cautions, *file_numbers.sentences(result.numbers)]
    said.append(result.recommendation.sentence)
    if result.changed:
        said.append("Not the files that the manifest lists: " + ", ".join(result.changed))
    Xml.SubElement(suite, "system-out").text = _clean("\n".join(said))
    Xml.indent(suite)
    Xml.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def _case(each: Judgement, result: Verification) -> Xml.Element:
    case = Xml.Element(
        "testcase",
        classname=result.manifest.name,
        name=str(each.lane),
        time=f"{each.seconds:.3f}",
    )
    if each.kind in _TAGS:
        known = [f"Known limit {row.name}: {row.happens}" for row in explanation.rows([each])]
        _add(case, _TAGS[each.kind], " ".join([each.reason or "", *known]))
    if each.distance is not None:
        figures = "\n".join(f"{name} {value}" for name, value in cells(each).items())
        Xml.SubElement(case, "system-out").text = figures
    return case


def _add(case: Xml.Element, tag: str, message: str) -> None:
    Xml.SubElement(case, tag, message=_clean(message))


def _clean(text: str) -> str:
    """Replace characters that XML cannot hold: a reason may quote any bytes of a damaged file."""
    return _NOT_XML.sub("�", text)
