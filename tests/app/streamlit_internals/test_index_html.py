"""Our elements are added to Streamlit's page, and a change of its HTML is detected."""

from __future__ import annotations

import pytest

from app.streamlit_internals import index_html, static

STREAMLITS = static.index_html()


def test_our_elements_are_in_their_places() -> None:
    html = index_html.page(head="<title>Ours</title>", icon="<link ours>", end="<p>ours</p>")
    head, body = html.split("</head>")
    assert "<title>Ours</title>" in head and "<link ours>" in head
    assert "<title>Streamlit</title>" not in html
    assert body.index("<p>ours</p>") < body.index("</body>")


@pytest.mark.parametrize("part", ["<title>Streamlit</title>", "./favicon.png", "</body>"])
@pytest.mark.parametrize("others", ["", "{0}{0}"])
def test_a_change_of_streamlits_html_is_detected(monkeypatch, part: str, others: str) -> None:
    changed = STREAMLITS.replace(part, others.format(part))
    monkeypatch.setattr(static, "index_html", lambda: changed)
    with pytest.raises(RuntimeError, match="has changed"):
        index_html.page(head="", icon="", end="")
