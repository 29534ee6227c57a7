"""Writes a verification as a JUnit report for build servers, with one test case for each lane."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as Xml

from models.verify.text import cells, difference
from models.verify.verification import Check, Verification

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(result: Verification, path: Path) -> None:
    """Write the report to ``path``. Raises OSError."""
    suite = Xml.Element(
        "testsuite",
        name=f"models.verify {result.manifest.name}",
        tests=str(len(result.checks)),
        failures=str(len(result.lanes("FAILED"))),
        errors=str(len(result.lanes("NO ANSWER"))),
        skipped=str(len(result.lanes("not judged"))),
        time=f"{sum(check.seconds for check in result.checks):.3f}",
    )
    for check in result.checks:
        suite.append(_case(check, result))
    if result.changed:
        changed = "Not the files that the manifest lists: " + ", ".join(result.changed)
        Xml.SubElement(suite, "system-out").text = _clean(changed)
    Xml.indent(suite)
    Xml.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def _case(check: Check, result: Verification) -> Xml.Element:
    case = Xml.Element(
        "testcase",
        classname=result.manifest.name,
        name=str(check.lane),
        time=f"{check.seconds:.3f}",
    )
    if check.outcome == "FAILED":
        _add(case, "failure", difference(check, result.manifest.reference))
    elif check.outcome == "NO ANSWER":
        _add(case, "error", check.error or "")
    elif check.outcome == "not judged":
        _add(case, "skipped", "Not judged: quantised weights are rounded on purpose.")
    if check.agreement is not None:
        figures = "\n".join(f"{name} {value}" for name, value in cells(check).items())
        Xml.SubElement(case, "system-out").text = figures
    return case


def _add(case: Xml.Element, tag: str, message: str) -> None:
    Xml.SubElement(case, tag, message=_clean(message))


def _clean(text: str) -> str:
    """Replace characters that XML cannot hold: a reason may quote any bytes of a damaged file."""
    return _NOT_XML.sub("�", text)
