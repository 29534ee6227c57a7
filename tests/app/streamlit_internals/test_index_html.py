"""Streamlit's page takes what is ours, and a page that has changed is noticed."""

from __future__ import annotations

import pytest

from app.streamlit_internals import index_html, static

STREAMLITS = static.index_html()


def test_what_is_ours_is_in_its_place() -> None:
    html = index_html.page(head="<title>Ours</title>", icon="<link ours>", end="<p>ours</p>")
    head, body = html.split("</head>")
    assert "<title>Ours</title>" in head and "<link ours>" in head
    assert "<title>Streamlit</title>" not in html
    assert body.index("<p>ours</p>") < body.index("</body>")


@pytest.mark.parametrize("part", ["<title>Streamlit</title>", "./favicon.png", "</body>"])
@pytest.mark.parametrize("others", ["", "{0}{0}"])
def test_a_streamlit_with_another_page_is_noticed(monkeypatch, part: str, others: str) -> None:
    changed = STREAMLITS.replace(part, others.format(part))
    monkeypatch.setattr(static, "index_html", lambda: changed)
    with pytest.raises(RuntimeError, match="has changed"):
        index_html.page(head="", icon="", end="")
