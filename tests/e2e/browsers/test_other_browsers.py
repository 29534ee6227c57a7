"""The Draw page in Firefox and in WebKit, which is Safari's engine, where they are installed."""

from __future__ import annotations

import pytest

from tests.e2e.browsers.visit import BROWSERS, MISSING, visit


@pytest.mark.parametrize("name", BROWSERS)
def test_a_digit_is_drawn_read_and_taken_back(name: str, server: str) -> None:
    opened = BROWSERS[name]
    if opened is None:
        pytest.skip(MISSING.format(name))
    with opened() as browser:
        assert len(list(visit(browser, server))) == 3
