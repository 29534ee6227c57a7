"""Streamlit's scripts that a page needs later are found, with what they import."""

from __future__ import annotations

import re

import pytest

from app.streamlit_internals import static
from app.web import page_html


@pytest.fixture
def streamlit(tmp_path, monkeypatch):
    """Write scripts of a small Streamlit, whose HTML announces one of them."""
    folder = tmp_path / "static" / "js"
    folder.mkdir(parents=True)
    (tmp_path / "index.html").write_text(
        '<link rel="modulepreload" crossorigin href="./static/js/react.A1.js">'
    )
    monkeypatch.setattr(static, "folder", lambda: tmp_path)

    def write(**scripts: str) -> None:
        for name, text in scripts.items():
            (folder / f"{name}.A1.js").write_text(text)

    return write


def test_a_script_comes_with_all_that_it_imports_each_once(streamlit) -> None:
    streamlit(
        Page='import{a}from"./shared.A1.js";import"./styles.A1.js";',
        Other="import{a}from`./shared.A1.js`;",
        shared='import{a}from"./deep.A1.js";',
        styles="",
        deep='import{a}from"./Page.A1.js";',  # in a circle
    )
    names = ["Page", "Other", "shared", "styles", "deep"]
    assert static.with_imports("Page", "Other") == [f"static/js/{name}.A1.js" for name in names]


def test_what_the_html_announces_already_is_left_out(streamlit) -> None:
    streamlit(Page='import{a}from"./react.A1.js";', react='import"./more.A1.js"', more="")
    assert static.with_imports("Page") == ["static/js/Page.A1.js"]


def test_what_is_imported_only_on_request_is_left_out(streamlit) -> None:
    streamlit(Page='const load=()=>import("./heavy.A1.js");', heavy="")
    assert static.with_imports("Page") == ["static/js/Page.A1.js"]


def test_a_script_that_there_is_not_is_left_out(streamlit) -> None:
    streamlit(Page="")
    assert static.with_imports("Gone", "Page") == ["static/js/Page.A1.js"]


def test_streamlit_has_each_script_that_our_pages_announce() -> None:
    found = static.with_imports(*page_html.LATE)
    there = static.below_static()
    assert all(path.removeprefix(static.URL_PATH) in there for path in found)
    for name in page_html.LATE:
        assert any(re.fullmatch(rf"static/js/{name}\..+\.js", path) for path in found)
    assert len(found) > len(page_html.LATE)
