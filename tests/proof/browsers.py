"""The Draw page in Firefox and in WebKit

WebKit is Safari's engine. A seven is drawn with the mouse at a phone's width of 430 pixels.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.e2e.browsers.visit import BROWSERS, MISSING, visit
from tests.proof.given import Given, NotGivenError
from tests.support.servers import serving


def prove(_: Given) -> Iterator[str]:
    """Visit the page in each browser. Yields lines of Markdown; raises where one goes wrong."""
    for name, opened in BROWSERS.items():
        if opened is None:
            raise NotGivenError(f"{name}. {MISSING.format(name)}")
    with tempfile.TemporaryDirectory() as temporary:
        log = Path(temporary, "log.txt")
        with serving(log=log) as url:
            for opened in filter(None, BROWSERS.values()):
                with opened() as browser:
                    yield f"- {browser.name}: {'; '.join(visit(browser, url))}."
        assert "Traceback" not in log.read_text("utf-8")
