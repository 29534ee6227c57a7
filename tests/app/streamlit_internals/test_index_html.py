"""Our elements are added to Streamlit's page, and a change of its HTML is detected."""

from __future__ import annotations

import pytest

from app.streamlit_internals import index_html, static

STREAMLITS = static.index_html()


def page(*, head: str = "", icon: str = "", later: str = "", end: str = "") -> str:
    return index_html.page(head=head, icon=icon, later=later, end=end)


def test_our_elements_are_in_their_places() -> None:
    html = page(
        head="<title>Ours</title>", icon="<link ours>", later="<link later>", end="<p>ours</p>"
    )
    head, body = html.split("</head>")
    assert "<title>Ours</title>" in head and "<link ours>" in head
    assert head.rindex('rel="modulepreload"') < head.index("<link later>")
    assert "<title>Streamlit</title>" not in html
    assert body.index("<p>ours</p>") < body.index("</body>")


def test_the_font_is_fetched_behind_all_scripts() -> None:
    html = page(later="<link later>")
    assert STREAMLITS.index('as="font"') < STREAMLITS.index('rel="modulepreload"')
    assert html.count('as="font"') == STREAMLITS.count('as="font"')
    assert html.index("<link later>") < html.index('as="font"')


@pytest.mark.parametrize(
    "part", ["<title>Streamlit</title>", "./favicon.png", "</head>", "</body>"]
)
@pytest.mark.parametrize("others", ["", "{0}{0}"])
def test_a_change_of_streamlits_html_is_detected(monkeypatch, part: str, others: str) -> None:
    changed = STREAMLITS.replace(part, others.format(part))
    monkeypatch.setattr(static, "index_html", lambda: changed)
    with pytest.raises(RuntimeError, match="has changed"):
        page()


@pytest.mark.parametrize("others", ['as="image"', 'as="font" /><link rel="preload" as="font"'])
def test_a_change_of_the_preloaded_font_is_detected(monkeypatch, others: str) -> None:
    monkeypatch.setattr(static, "index_html", lambda: STREAMLITS.replace('as="font"', others))
    with pytest.raises(RuntimeError, match="has changed"):
        page()
