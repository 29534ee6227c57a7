"""Streamlit sends only the URL of a component's script."""

from __future__ import annotations

import re
from pathlib import Path

from app.frontend import component
from app.frontend.module_tree import APP, SOURCE
from app.streamlit_internals import static, vega

FOLDER = Path(component.__file__).parents[1]


def test_every_component_of_ours_is_in_the_tree_and_has_a_default_export() -> None:
    scripts = {
        name
        for path in FOLDER.rglob("*.py")
        for name in re.findall(r'component\.component\(\s*"\w+",\s*"([\w./]+)"', path.read_text())
    }
    assert len(scripts) == 7
    for name in scripts:
        assert b"\nexport default " in SOURCE.modules[name]
        assert name in APP.modules


def test_what_streamlit_sends_is_short_and_has_the_url() -> None:
    text = component.loader("draw/studio.js")
    assert len(text) < 300
    assert APP.url_path("draw/studio.js") in text


def test_streamlits_own_vega_is_where_the_charts_look_for_it() -> None:
    text = (static.folder() / vega.script()).read_text()
    assert "expressionInterpreter" in text and "embed" in text
    assert len(re.findall(r"export\{", text)) == 1
