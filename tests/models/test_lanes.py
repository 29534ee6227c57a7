"""Python and JavaScript know the same formats and the same backends."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from models.lanes import BACKENDS, CONVERTED, FORMATS

ROOT = Path(__file__).resolve().parents[2]


def list_in(module: str, name: str) -> list[str]:
    """The strings of the only list of this name in a JavaScript module."""
    text = (ROOT / module).read_text("utf-8")
    (found,) = re.findall(rf"^export const {name} = \[(.*?)\];$", text, re.MULTILINE | re.DOTALL)
    return re.findall(r"'(\w+)'", found)


def test_every_format_but_the_references_is_converted() -> None:
    assert [*FORMATS] == ["keras", *CONVERTED]


@pytest.mark.parametrize("module", ["app/frontend/tfjs.js", "models/tfjs/src/lanes.js"])
def test_the_browsers_formats_are_the_converted_ones(module: str) -> None:
    assert list_in(module, "FORMATS") == [*CONVERTED]


def test_the_browsers_backends_are_those_of_the_lanes() -> None:
    # The browser's are in order of preference.
    assert sorted(list_in("models/tfjs/src/backends.js", "BACKENDS")) == sorted(BACKENDS)
