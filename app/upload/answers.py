"""The answer's card, and the answers for which nothing is run: an example's, and a report's."""

from __future__ import annotations

from dataclasses import replace

from app.session import state
from app.streamlit_internals.containers import Container
from app.ui import markup
from app.upload.results import results
from app.upload.results.outcome import Outcome
from app.upload.results.results import Shown
from app.upload.saved import example
from models.parity import set_verdict
from models.parity.verdict import Verdict


def say(answer: Container, verdict: Verdict) -> None:
    """Show the verdict in the answer's place."""
    with answer:
        markup.verdict(verdict)


def newcomer(answer: Container, picture: Container) -> list[Shown]:
    """The example's answer, or for a model without one what to do."""
    shown = example.of(state.model())
    if shown is None:
        say(
            answer,
            Verdict(
                "waiting",
                "Drop a test set to see how accurate each format is.",
                "And on how many pictures the formats agree. Nothing has been run yet.",
            ),
        )
        return []
    verdict = set_verdict.conclude(shown.seen)
    say(
        answer,
        replace(
            verdict,
            headline=f"Example: {verdict.headline}",
            detail=f"{verdict.detail} Drop your own set to see yours.",
        ),
    )
    with picture:
        results.versions(shown, f"Example: {example.WHAT}", example.WHERE)
    return results.parts(shown, is_draws=True)


def report_of(answer: Container, report: Outcome) -> list[Shown]:
    """A report is shown as it was saved: nothing is run."""
    verdict = set_verdict.conclude(report.seen)
    read = set_verdict.many(len(report.names), "image")
    said = f"A saved report of {read}, model {report.title}. {verdict.detail}"
    say(answer, replace(verdict, detail=said))
    results.versions(report, f"Report: {read}, model {report.title}")
    return [*results.parts(report, is_draws=False), *results.skipped(report.skipped)]
