"""What the page last said is faster comes from the browser: a format, neither, or nothing known."""

from __future__ import annotations

from typing import Any

import pytest

from app.draw.reading import posted
from app.frontend import lane_wire
from models.digit.digit import from_levels
from models.errors import InputError
from models.formats import store

MNIST = store.manifest(store.DEFAULT)
POSTED: dict[str, Any] = {
    "digit": lane_wire.wire(from_levels(bytes(784))),
    "asked": "auto",
    "backend": None,
    "fallback": None,
    "lanes": None,
    "environment": {},
    "wanted": [],
}


@pytest.mark.parametrize("faster", ["unknown", "neither", "graph", "layers"])
def test_what_was_said_is_read(faster: str) -> None:
    assert posted.parse(POSTED | {"faster": faster}, MNIST).faster == faster


def test_a_page_that_says_nothing_knows_nothing() -> None:
    assert posted.parse(POSTED, MNIST).faster == "unknown"


@pytest.mark.parametrize("faster", ["keras", "", None, 1, ["graph"], {"graph": 1}, "graph" * 9_999])
def test_all_else_is_refused(faster: object) -> None:
    with pytest.raises(InputError):
        posted.parse(POSTED | {"faster": faster}, MNIST)
