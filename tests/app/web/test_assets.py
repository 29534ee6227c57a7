"""Only listed files are served, however a URL is written."""

from __future__ import annotations

import gzip
import json
import shutil

import pytest
from starlette.applications import Starlette

from app.streamlit_internals import canvas_package
from app.web import assets
from models.formats import store
from models.tfjs import built
from tests.support.asgi import ask, body, headers

APP = Starlette(routes=assets.routes())
MODEL = f"/served/models/{store.DEFAULT}/{store.version(store.DEFAULT)}"


def status(path: str, app: Starlette = APP) -> int:
    answer: int = ask(app, path)[0]["status"]
    return answer


@pytest.fixture
def bundle(tmp_path, monkeypatch):
    """A bundle of three files and a secret beside it."""
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "version.json").write_text(json.dumps({"version": "v1", "entry": "main.js"}))
    (folder / "main.js").write_text("export {};")
    (folder / "lanes.wasm").write_bytes(b"\0asm")
    (tmp_path / "secret.js").write_text("secret")
    monkeypatch.setattr(built, "DIST", folder)
    assets._bundle_files.cache_clear()
    yield folder
    assets._bundle_files.cache_clear()


def test_every_file_that_the_manifest_lists_is_served_whole():
    for path, record in store.manifest(store.DEFAULT).files.items():
        answer = ask(APP, f"{MODEL}/{path}")
        assert answer[0]["status"] == 200, path
        assert len(body(answer)) == record.bytes


def test_the_bundle_is_served_with_its_types(bundle):
    for name, media_type in (("main.js", "text/javascript"), ("lanes.wasm", "application/wasm")):
        answer = ask(APP, f"/served/tfjs/v1/{name}")
        assert answer[0]["status"] == 200
        assert headers(answer)["content-type"].startswith(media_type)


def test_the_canvass_script_is_served_and_nothing_beside_it():
    path = f"/{canvas_package.script()}"
    answer = ask(APP, path, headers=[(b"accept-encoding", b"gzip")])
    assert headers(answer)["content-type"].startswith("text/javascript")
    assert "immutable" in headers(answer)["cache-control"]
    assert gzip.decompress(body(answer)) == canvas_package.script_file().read_bytes()
    assert body(ask(APP, path)) == canvas_package.script_file().read_bytes()
    for name in ("index-other.js", "index-style.css", "../__init__.py", "%2e%2e/__init__.py"):
        assert status(f"/served/canvas/{name}") == 404


def test_a_current_url_is_cached_forever_and_an_outdated_one_is_not(bundle):
    assert "immutable" in headers(ask(APP, "/served/tfjs/v1/main.js"))["cache-control"]
    assert headers(ask(APP, "/served/tfjs/v0/main.js"))["cache-control"] == "no-cache"
    assert "immutable" in headers(ask(APP, f"{MODEL}/manifest.json"))["cache-control"]


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip"), ("br;q=0", None), ("", None)],
)
def test_a_compressed_file_is_sent_when_the_client_accepts_it(bundle, accepted, sent):
    (bundle / "main.js.br").write_bytes(b"brotli")
    (bundle / "main.js.gz").write_bytes(b"gzip")
    request = [(b"accept-encoding", accepted.encode())]
    answer = ask(APP, "/served/tfjs/v1/main.js", headers=request)
    assert headers(answer).get("content-encoding") == sent
    assert headers(answer)["content-type"].startswith("text/javascript")
    assert body(answer) == {"br": b"brotli", "gzip": b"gzip", None: b"export {};"}[sent]
    plain = ask(APP, "/served/tfjs/v1/lanes.wasm", headers=request)
    assert body(plain) == b"\0asm"  # there is no compressed copy
    assert ask(APP, "/served/tfjs/v1/main.js.br")[0]["status"] == 404


def test_without_a_bundle_its_url_is_not_found(tmp_path, monkeypatch):
    monkeypatch.setattr(built, "DIST", tmp_path)
    assert built.entry() is None
    assert status("/served/tfjs/v1/main.js") == 404


def test_the_icon_is_served():
    answer = ask(APP, "/served/app/mark.svg")
    assert answer[0]["status"] == 200
    assert headers(answer)["content-type"].startswith("image/svg+xml")


UP = [
    "..",
    "%2e%2e",
    "%2E.",
    "..%2f",
    "..%5c",
    "%252e%252e",
    "....//",
    ".%00.",
    "..;",
    "%c0%ae%c0%ae",
]


@pytest.mark.parametrize("up", UP)
@pytest.mark.parametrize(
    "file", ["secret.js", "models/digit/digit.py", "streamlit_app.py", "etc/passwd"]
)
def test_no_path_leads_out_of_the_lists(bundle, up, file):
    for below in ("/served/tfjs/v1", MODEL):
        for times in (1, 3):
            assert status(f"{below}/{'/'.join([up] * times)}/{file}") == 404


@pytest.mark.parametrize(
    "path",
    [
        "/served",
        "/served/",
        "/served/app/security.py",
        "/served/app/../app/security.py",
        "/served/tfjs/v1/",
        "/served/tfjs/v1//main.js",
        "/served/tfjs/v1/./main.js",
        "/served/tfjs//v1/main.js",
        "/served/tfjs/v1/main.js/",
        "/served/tfjs/v1/main.js%00",
        "/served/tfjs/v1/MAIN.JS",
        "/served/tfjs/v1//etc/passwd",
        "/served/tfjs/v1/%2fetc/passwd",
        "/served/tfjs/v1/.digit-parity",
        "/served/models/../models/v/manifest.json",
        "/served/models/%2e%2e/v/digit.py",
        "/served/models/nothing/v/manifest.json",
        "/served/models//v/manifest.json",
        f"{MODEL}/training.json/../manifest.json",
        f"{MODEL}/.git",
        f"{MODEL}/model_graph",
        f"{MODEL}/model_graph/",
        f"{MODEL}//manifest.json",
    ],
)
def test_any_other_path_is_not_found(bundle, path):
    assert status(path) in (404, 307)
    assert b"secret" not in body(ask(APP, path))


def test_a_hidden_file_of_the_bundle_stays_hidden(bundle):
    (bundle / ".env.js").write_text("secret")
    assert status("/served/tfjs/v1/.env.js") == 404


def test_a_file_that_no_manifest_lists_is_not_served():
    folder = store.folder(store.DEFAULT)
    listed = {*store.manifest(store.DEFAULT).files, "manifest.json"}
    others = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    for path in set(others) - listed:
        assert status(f"{MODEL}/{path}") == 404


def test_a_link_among_a_models_files_is_not_served(tmp_path, monkeypatch):
    shutil.copytree(store.SHIPPED, tmp_path / "mine")
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "mine" / "training.json").unlink(missing_ok=True)
    (tmp_path / "mine" / "training.json").symlink_to(tmp_path / "secret")
    stored = json.loads((tmp_path / "mine" / "manifest.json").read_text())
    stored["files"]["training.json"] = {"sha256": "0" * 64, "bytes": 6}
    (tmp_path / "mine" / "manifest.json").write_text(json.dumps(stored))
    monkeypatch.setenv(store.VARIABLE, str(tmp_path))
    model = f"/served/models/mine/{store.version('mine')}"
    assert status(f"{model}/manifest.json") == 200
    assert status(f"{model}/training.json") == 404


def test_under_a_path_prefix_the_files_are_served_below_it(bundle):
    app = Starlette(routes=assets.routes("/demo"))
    assert status("/demo/served/tfjs/v1/main.js", app) == 200
    assert status("/served/tfjs/v1/main.js", app) == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_files_are_only_read(method):
    assert ask(APP, f"{MODEL}/manifest.json", method=method)[0]["status"] == 405
