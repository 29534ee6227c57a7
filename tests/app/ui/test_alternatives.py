"""What is shown as a picture has words for who cannot see it, and names for its buttons."""

from __future__ import annotations

import ast
from pathlib import Path

import app

ROOT = Path(app.__file__).parent
DRAWN = {"dataframe", "table", "image", "vega_lite_chart", "altair_chart"}


def silent(source: str) -> list[int]:
    """The lines of calls to Streamlit that show a picture, a chart or a table without ``alt``."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in {("st", name) for name in DRAWN}
        and "alt" not in {each.arg for each in node.keywords}
    ]


def test_every_picture_chart_and_table_has_words() -> None:
    found = {path: silent(path.read_text("utf-8")) for path in ROOT.rglob("*.py")}
    assert {path.name: lines for path, lines in found.items() if lines} == {}


def test_one_without_words_is_found() -> None:
    assert silent("import streamlit as st\nst.image(x, alt=y)\nst.dataframe(x)") == [3]
