"""What a page's HTML announces, and how it is sent."""

from __future__ import annotations

import gzip
import re

import pytest
from starlette.applications import Starlette

from app.frontend import module_tree
from app.startup import page_files
from app.streamlit_internals import canvas_package
from app.web import page_html
from tests.support.asgi import ask, body, headers

APP = Starlette(routes=page_html.routes("", page_files.STYLES))
PRELOADED = re.compile(r'<link rel="modulepreload" crossorigin href="\./([^"]+)"')


def announced(html: str) -> list[str]:
    return PRELOADED.findall(html)


def test_draw_announces_streamlits_scripts_then_its_own_then_the_canvas() -> None:
    paths = announced(page_html.html())
    own = [module_tree.APP.url_path(name) for name in module_tree.APP.preloaded]
    assert paths[-1] == canvas_package.script()
    assert paths[-1 - len(own) : -1] == own
    late = paths.index(next(path for path in paths if "/BidiComponent." in path))
    entry = paths.index(next(path for path in paths if "/react-dom." in path))
    assert entry < late < len(paths) - 1 - len(own)


def test_the_other_pages_announce_nothing_of_draws() -> None:
    paths = announced(page_html.html(is_draw=False))
    assert any("/BidiComponent." in path for path in paths)
    assert not any(path.startswith("served/") for path in paths)


@pytest.mark.parametrize(("path", "is_draw"), [("/", True), ("/upload", False)])
def test_a_page_is_sent_compressed_where_the_client_accepts_it(path: str, is_draw: bool) -> None:
    html = page_html.html(page_files.STYLES, is_draw=is_draw)
    plain = ask(APP, path)
    packed = ask(APP, path, headers=[(b"accept-encoding", b"gzip, br")])
    assert body(plain).decode() == html
    assert gzip.decompress(body(packed)).decode() == html
    assert headers(packed)["content-encoding"] == "gzip"
    assert "content-encoding" not in headers(plain)
    for answer in (plain, packed):
        assert headers(answer)["vary"] == "Accept-Encoding"
        assert headers(answer)["content-type"].startswith("text/html")
    assert len(body(packed)) < len(html) / 3


def test_names_of_pages_that_a_stranger_makes_up_are_not_kept() -> None:
    ask(APP, "/upload")
    before = page_html.html.cache_info().currsize
    for name in ("a", "b", "c-d"):
        ask(APP, f"/{name}")
    assert page_html.html.cache_info().currsize == before
