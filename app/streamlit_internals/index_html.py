"""Streamlit's page, with our elements in its head and at the end of its body.

Relied on: the text of ``index.html`` (title, icon, one ``</body>``). If it changes, ``page`` raises
RuntimeError, and the server answers no page. And ``window.__streamlit``, which tells Streamlit's
script the server's URL: without it the page first tries its own URL, and connects later.
"""

from __future__ import annotations

from app.streamlit_internals import static

_SERVER = (
    "<script>window.__streamlit ??= {BACKEND_BASE_URL: new URL('.', location.href).href}</script>"
)


def page(*, head: str, icon: str, end: str) -> str:
    """HTML: ``head`` and ``icon`` replace Streamlit's title and icon, ``end`` ends the body.

    Raises RuntimeError when Streamlit's HTML is not as expected.
    """
    html = static.index_html()
    html = _replace(html, "<title>Streamlit</title>", f"{head}\n    {_SERVER}")
    html = _replace(html, '<link rel="shortcut icon" href="./favicon.png" />', icon)
    return _replace(html, "</body>", f"{end}</body>")


def _replace(page: str, old: str, new: str) -> str:
    if page.count(old) != 1:
        raise RuntimeError(f"Streamlit's index.html has changed: expected one {old!r}.")
    return page.replace(old, new)
