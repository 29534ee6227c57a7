"""Streamlit's page, with our elements in its head and at the end of its body.

Relied on, of ``index.html``: its title, its icon, the font that it preloads, one ``</head>`` and
one ``</body>``. If that changes, ``page`` raises RuntimeError, and the server answers no page.

Of Streamlit's script: that ``window.__streamlit`` tells it the server's URL, without which it first
tries the page's own and connects later; and that it asks ``document.fonts`` for its font of icons,
shown or not. If it does so in another way, a first visit to Draw fetches 375 kB more
(tests/e2e/pages/draw/test_first_visit.py).
"""

from __future__ import annotations

import re

from app.streamlit_internals import static

_SERVER = (
    "<script>window.__streamlit ??= {BACKEND_BASE_URL: new URL('.', location.href).href}</script>"
)
# Each icon that a page shows has the browser fetch the font.
_NO_ICONS_YET = (
    "<script>{const {fonts} = document, load = fonts.load.bind(fonts);"
    " fonts.load = (font, text) => font.includes('Material Symbols')"
    " ? Promise.resolve([]) : load(font, text);}</script>"
)
# Of text: 170 kB, which a slow network would bring before Streamlit's scripts.
_FONT = re.compile(r"<link\s+rel=\"preload\"[^>]*as=\"font\"[^>]*/>")


def page(*, head: str, icon: str, later: str, end: str) -> str:
    """HTML: ``head`` and ``icon`` replace Streamlit's title and icon, ``end`` ends the body.

    ``later`` ends the head, behind Streamlit's own scripts; then comes the font.

    Raises RuntimeError when Streamlit's HTML is not as expected.
    """
    html = static.index_html()
    html = _replace(html, "<title>Streamlit</title>", f"{head}\n    {_SERVER}{_NO_ICONS_YET}")
    html = _replace(html, '<link rel="shortcut icon" href="./favicon.png" />', icon)
    fonts = _FONT.findall(html)
    if len(fonts) != 1:
        raise RuntimeError("Streamlit's index.html has changed: expected one font to preload.")
    html = _replace(html, fonts[0], "")
    html = _replace(html, "</head>", f"{later}{fonts[0]}</head>")
    return _replace(html, "</body>", f"{end}</body>")


def _replace(page: str, old: str, new: str) -> str:
    if page.count(old) != 1:
        raise RuntimeError(f"Streamlit's index.html has changed: expected one {old!r}.")
    return page.replace(old, new)
