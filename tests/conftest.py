"""A skip needs a reason that is explained here, a second try a reason of its own."""

from __future__ import annotations

from collections.abc import Generator

import hypothesis
import pytest
from _pytest.terminal import TerminalReporter

# The time that an example takes depends on how busy the machine is.
hypothesis.settings.register_profile("no deadline", deadline=None)
hypothesis.settings.load_profile("no deadline")
LONGEST_NAME = 200  # characters of a parameter in a test's name

# A part of a skip's reason: why that skip is fine.
EXPLAINED = {
    "nginx is not here": "only root on Debian can install it",
    "`make install` bundles it": "TensorFlow.js is not bundled where there is no npm",
    "firefox is not here": "a second engine, beside Chromium's; `make proof` has tried it",
    "webkit is not here": "a third engine, Safari's; `make proof` has tried it",
    "gs is not here": "Ghostscript, which makes pictures of a PDF; not every machine has it",
    "no /dev/full": "a full disk that needs none; only Linux has it",
    "no mount name spaces": "only Linux has them, and not every host allows them",
    "`digit-parity setup alternatives`": "what it fetches is used by nothing else",
    "pip install -r models/train/study": "PyTorch trains on a GPU; only the studies need it",
}


def explanation(reason: str) -> str | None:
    """Why a test may be skipped for ``reason``; None where that is not explained."""
    return next((why for part, why in EXPLAINED.items() if part in reason), None)


def refuse_unexplained(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Fail a skip whose reason is not explained."""
    if report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if explanation(reason) is None:
        report.outcome = "failed"
        report.longrepr = f"{reason}\nNo such reason is among EXPLAINED in tests/conftest.py."


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    refuse_unexplained(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    refuse_unexplained(report)
    return report


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A hostile text of megabytes is no name of a test: its length and its argument's name are.

    Names travel between processes and into every report.
    """
    if isinstance(val, str | bytes) and len(val) > LONGEST_NAME:
        return f"{argname} of {len(val)}"
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A second try hides a race that visitors meet, so allowing one takes a reason."""
    for item in items:
        for mark in item.iter_markers("flaky"):
            if not mark.kwargs.get("reason"):
                raise pytest.UsageError(f"{item.nodeid} is marked flaky without a reason=")


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Report how many tests were skipped or tried again, each with the reason."""
    skipped = terminalreporter.getreports("skipped")
    again = terminalreporter.getreports("rerun")
    terminalreporter.section("skipped and tried again")
    terminalreporter.write_line(f"{len(skipped)} skipped, {len(again)} second tries")
    for report in skipped:
        reason = str(report.longrepr[2])
        terminalreporter.write_line(f"  {report.nodeid}: {explanation(reason)}")
    for report in again:
        terminalreporter.write_line(f"  {report.nodeid} was tried again: see its traceback above")
