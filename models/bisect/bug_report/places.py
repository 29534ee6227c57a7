"""Where operations are tried by themselves: in Node, or in the browser that runs the lane."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from models.bisect.bug_report.case import Values
from models.bisect.bug_report.trials import Run
from models.errors import ModelError
from models.lanes import Lane
from models.runtimes import node
from models.tfjs import built, report_bundle

if TYPE_CHECKING:
    from models.runtimes.browser.program import Program

_PLAIN = "cpu"  # the backend for what differs in TensorFlow, whose files are at fault
_TIMEOUT = 120.0  # seconds for one job in Node, of which most take one


@dataclass(frozen=True)
class Place:
    """A backend of TensorFlow.js, with its ``flags`` set, in what ``name`` says."""

    name: str
    backend: str
    flags: Mapping[str, bool]
    run: Run


@contextmanager
def of(lane: Lane, browser: Program | None) -> Iterator[Place]:
    """Where a lane's operations are tried. A browser stays open while the block runs.

    Raises BundleError where a browser has no TensorFlow.js to run.
    """
    if browser is None or not lane.in_browser:
        backend = lane.backend if lane.in_browser else _PLAIN
        yield Place("Node", backend, {}, partial(_in_node, backend))
        return
    from models.runtimes.browser import tfjs
    from models.runtimes.browser.operations import Operations

    operations = Operations(browser, lane, report_bundle.read())
    try:
        yield Place(browser.name, lane.backend, tfjs.flags(lane), operations.run)
    finally:
        operations.close()


def _in_node(
    backend: str, cases: Sequence[Mapping[str, Any]]
) -> tuple[Sequence[Values | str], str]:
    """Run cases in Node. Raises ModelError without the bundle."""
    if not node.SCRIPT.is_file():
        raise ModelError(f"{node.SCRIPT} is missing. {built.remedy()}")
    told = [{"backend": backend, **each} for each in cases]
    lines, failure = node.run_job({"cases": told}, _TIMEOUT)
    return [_read(each) for each in lines], failure


def _read(line: Mapping[str, Any]) -> Values | str:
    if "error" in line:
        return str(line["error"])
    return np.frombuffer(base64.b64decode(line["data"]), "<f4").reshape(line["shape"])
