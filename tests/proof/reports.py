"""Bug reports of twelve planted faults, opened in Chromium

Each fault is planted in one operation of a small model. The
layer that `bisect` names is in bold where it is the one with the fault. `bisect --report` cuts the
operation as small as it still fails and measures it in Node; the file is then opened from a disk in
Chromium, where it runs in the TensorFlow.js that is in it. "Cut" is how many values the operation's
inputs, weights and output have in the model, on one input, and in the report. A difference is the
same where the two are within 1 % of it or within what rounding explains; where the shape is another
one, the shape is.
"""

from __future__ import annotations

import math
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

from playwright.sync_api import Browser, sync_playwright

from models.bisect.bug_report import page
from models.bisect.bug_report.making import Found
from models.bisect.bug_report.trials import Trial
from models.formats.store import SHIPPED
from models.runtimes import node
from models.runtimes.process.log_filter import quiet
from models.tfjs import bundle, report_bundle
from models.tfjs.report_bundle import Bundle
from tests.e2e.reports import opened
from tests.models.bisect import planted_operations as planted
from tests.models.bisect.planted_operations import Planted
from tests.proof.given import Given
from tests.support import chromium, weight_faults

MODELS = {"stepped": weight_faults.stepped_model, "hard": weight_faults.hard_model}


def prove(given: Given) -> Iterator[str]:
    """A row for each fault. Raises AssertionError where a report does not show it."""
    quiet()
    missed: list[str] = []
    program = chromium.need()
    yield "| fault | in | named | cut | bytes | measured | in Chromium | |"
    yield "| --- | --- | --- | ---: | ---: | ---: | ---: | --- |"
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=chromium.FLAGS)
        place = Path(temporary).resolve()
        healthy = {"mnist": SHIPPED}
        for name, build in MODELS.items():
            model = weight_faults.scattered(build())
            healthy[name] = weight_faults.convert(model, place / name)
        for number, (name, fault) in enumerate(planted.FAULTS.items()):
            folder = place / str(number)
            folder.mkdir()
            yield _row(name, fault, healthy[fault.model], folder, browser, missed)
        browser.close()
    yield ""
    count = len(planted.FAULTS)
    yield f"{count - len(missed)} of {count} named, shown, and reproduced."
    assert not missed, missed


def _row(
    name: str, fault: Planted, healthy: Path, place: Path, browser: Browser, missed: list[str]
) -> str:
    with ExitStack() as stack:
        script = report_bundle.read()
        if fault.patched:
            script = _patched(place, stack)
        found = planted.find(planted.planted(fault, healthy, place), fault.lane, planted.digits())
    file = place / "fault.html"
    file.write_text(page.write(found, script), "utf-8")
    shown = opened.read(browser, file)
    right = found.bisection.layer == fault.layer
    alone = all(each.startswith(("file:", "blob:")) for each in shown.asked)
    if not right or shown.kind != "reproduced" or shown.errors or not alone:
        missed.append(f"{name}: {found.bisection.layer}, {shown}")
    layer = f"**{found.bisection.layer}**" if right else found.bisection.layer
    cut = f"{_values(found.whole):,} → {_values(found.trial):,}"
    here = shown.live[found.place.backend].removeprefix("reproduced: ").partition(" (the")[0]
    cells = (name, fault.lane, layer, cut, f"{file.stat().st_size:,}", _measured(found), here)
    return f"| {' | '.join(map(str, cells))} | {shown.kind} |"


def _patched(place: Path, stack: ExitStack) -> Bundle:
    """TensorFlow.js with the fault in it, for Node and for the report."""
    project = planted.patched_packages(place)
    for command in (["build.js", "dist"], ["build_report.js", "report"]):
        subprocess.run([str(bundle.node()), *command], cwd=project, check=True)
    stack.enter_context(mock.patch.object(node, "SCRIPT", project / "dist" / "node" / "cli.mjs"))
    return report_bundle.of(project / "report")


def _values(trial: Trial) -> int:
    weights = sum(math.prod(each["shape"]) for each in trial.case["weights"])
    return sum(each.size for each in trial.inputs) + trial.expected.size + weights


def _measured(found: Found) -> str:
    trial = found.trial
    if trial.kind == "values":
        return f"difference {trial.difference:.3g}"
    return (
        f"{trial.kind} {'×'.join(map(str, trial.found.shape)) if trial.found is not None else ''}"
    )
