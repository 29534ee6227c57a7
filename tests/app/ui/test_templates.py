"""Templates escape their values and are strict about them."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from app.ui import templates

APP = Path(templates.__file__).resolve().parents[1]


def test_a_value_too_few_or_too_many_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="text"):
        templates.render("ui/markup.html", "note")
    with pytest.raises(TypeError):
        templates.render("ui/markup.html", "note", "one", "two")
    with pytest.raises(AttributeError):
        templates.render("ui/markup.html", "nothing")


def test_the_output_of_one_macro_is_not_escaped_by_another() -> None:
    html = templates.render("ui/markup.html", "note", "1 < 2")
    assert html == '<p class="dp-how">1 &lt; 2</p>'
    assert html in templates.render("upload/results/tables.html", "table", "words", [], [[html]])


def test_no_template_switches_escaping_off() -> None:
    texts = {path: path.read_text("utf-8") for path in APP.rglob("*.html")}
    assert texts
    for path, text in texts.items():
        assert "safe" not in text and "autoescape" not in text, path
