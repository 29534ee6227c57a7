"""Streamlit's scripts and stylesheets are sent compressed when the client accepts it."""

from __future__ import annotations

import gzip

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from app.streamlit_internals import static
from app.web import packed_assets
from tests.support.asgi import ask, body, headers


async def streamlit(_request):
    return PlainTextResponse("Streamlit")


APP = packed_assets.PackedAssets(
    Starlette(routes=[Route("/{path:path}", streamlit, methods=["GET", "POST"])])
)
STATIC = static.folder() / "static"
ENTRY = next(STATIC.glob("js/index.*.js"))
STYLE = next(STATIC.glob("css/*.css"))
GZIP = [(b"accept-encoding", b"gzip, deflate, br")]


@pytest.fixture
def packed(tmp_path, monkeypatch):
    folder = tmp_path / "build" / "packed"
    monkeypatch.setattr(packed_assets, "_PACKED", folder)
    return folder


def test_before_they_are_compressed_streamlit_answers(packed):
    answer = ask(APP, f"/static/js/{ENTRY.name}", headers=GZIP)
    assert body(answer) == b"Streamlit"


@pytest.mark.parametrize(
    ("path", "media_type"), [(ENTRY, "text/javascript"), (STYLE, "text/css")], ids=["js", "css"]
)
def test_a_compressed_file_has_the_same_content(packed, path, media_type):
    assert packed_assets.pack()
    url = f"/static/{path.relative_to(STATIC).as_posix()}"
    answer = ask(APP, url, headers=GZIP)
    assert headers(answer)["content-encoding"] == "gzip"
    assert headers(answer)["vary"] == "Accept-Encoding"
    assert headers(answer)["content-type"].startswith(media_type)
    assert "immutable" in headers(answer)["cache-control"]
    assert gzip.decompress(body(answer)) == path.read_bytes()
    assert len(body(answer)) < path.stat().st_size / 2
    assert body(ask(APP, url)) == b"Streamlit"


def test_an_app_below_a_path_sends_them_compressed(packed):
    assert packed_assets.pack()
    app = packed_assets.PackedAssets(APP, base="/a/path")
    answer = ask(app, f"/a/path/static/js/{ENTRY.name}", headers=GZIP)
    assert headers(answer)["content-encoding"] == "gzip"


def test_they_are_compressed_once_and_all_or_none(packed, monkeypatch):
    def full(*_arguments: object, **_named: object) -> bytes:
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(packed_assets.gzip, "compress", full)
        with pytest.raises(OSError, match="No space"):
            packed_assets.pack()
    assert not list(packed.parent.iterdir())
    assert packed_assets.pack()
    assert not packed_assets.pack()
    assert [path.name for path in packed.parent.iterdir()] == [packed.name]


def test_another_process_may_compress_them_at_the_same_time(packed, monkeypatch):
    compress = gzip.compress

    def and_another(content, **options):
        packed.mkdir(exist_ok=True)
        (packed / "half").write_bytes(b"of another process")
        return compress(content, **options)

    monkeypatch.setattr(packed_assets.gzip, "compress", and_another)
    assert packed_assets.pack()
    assert (packed / "js" / f"{ENTRY.name}.gz").is_file()
    assert [path.name for path in packed.parent.iterdir()] == [packed.name]


@pytest.mark.parametrize("path", ["../secret.js", "js/../../secret.js", "js", "", "js/none.js"])
def test_for_any_other_path_streamlit_answers(packed, path):
    assert packed_assets.pack()
    (packed.parent / "secret.js.gz").write_bytes(b"secret")
    assert body(ask(APP, f"/static/{path}", headers=GZIP)) == b"Streamlit"


def test_the_server_has_it(packed):
    import streamlit_app

    assert packed_assets.pack()
    answer = ask(streamlit_app.app, f"/static/js/{ENTRY.name}", headers=GZIP)
    assert gzip.decompress(body(answer)) == ENTRY.read_bytes()
