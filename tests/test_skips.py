"""A skip whose reason nobody has explained fails."""

from __future__ import annotations

import pytest

from tests.conftest import EXPLAINED, refuse_unexplained


def skipped(reason: str) -> pytest.TestReport:
    where = ("tests/test_a.py", 1, f"Skipped: {reason}")
    return pytest.TestReport("a", ("tests/test_a.py", 1, "a"), {}, "skipped", where, "setup")


@pytest.mark.parametrize("reason", EXPLAINED)
def test_a_skip_with_an_explained_reason_stays_one(reason: str) -> None:
    report = skipped(f"{reason}: and more")
    refuse_unexplained(report)
    assert report.skipped


def test_a_skip_with_any_other_reason_fails_and_says_which() -> None:
    report = skipped("too slow today")
    refuse_unexplained(report)
    assert report.failed
    assert "too slow today" in report.longreprtext


def test_what_is_expected_to_fail_is_no_skip() -> None:
    report = skipped("a known fault")
    report.wasxfail = "a known fault"
    refuse_unexplained(report)
    assert not report.failed
