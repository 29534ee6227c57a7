"""A button that copies a link to a report."""

from __future__ import annotations

from urllib.parse import urlencode

from app.benchmark.report import Report
from app.benchmark.results import link
from app.frontend import component
from app.session import links
from app.ui import markup

_TOO_LARGE = "This report is too large for a link; send the file instead."
_component = component.component(
    "digit_parity_copy_link",
    "benchmark/results/copy_link.js",
    html='<div class="dp-copy-link"></div>',
    isolate_styles=False,
)


def show(report: Report) -> None:
    """Show the button, or a sentence where a link has no room for the report."""
    asked = query(report)
    if asked is None:
        markup.note(_TOO_LARGE)
        return
    _component(key="benchmark-link", data={"query": asked})


def query(report: Report) -> str | None:
    """The query of the page's address that opens the report; None if no link has room for it."""
    token = link.encode(report)
    if token is None:
        return None
    return urlencode(links.query(None, report.model, "auto") | {link.REPORT: token})
