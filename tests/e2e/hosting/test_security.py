"""What the real server answers to strangers, and how a real browser applies its headers."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from app.web import security_headers
from models.dataset import LIMITS
from models.formats import store
from tests.support import dataset_files as files
from tests.support.drawing import PATIENT, open_page, verdict

MODEL = f"/served/models/{store.DEFAULT}/{store.version(store.DEFAULT)}"


def ask(server: str, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    """Send a request with exactly this path."""
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=30)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    sent = {"Host": urlsplit(server).netloc, **headers}
    for name, value in sent.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    return connection.getresponse()


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/draw", 307),
        ("/_stcore/health", 200),
        ("/_stcore/host-config", 200),
        (f"{MODEL}/manifest.json", 200),
        ("/served/nothing", 404),
        ("/static/nothing.js", 200),  # Streamlit answers with its page
        ("/media/nothing", 404),
        ("//double", 400),
        ("/../up", 400),
    ],
)
def test_every_response_has_the_headers(server: str, path: str, status: int) -> None:
    answer = ask(server, path)
    assert answer.status == status
    page = answer.getheader("Content-Type", "").startswith("text/html")
    for name, value in security_headers.headers(page=page).items():
        assert answer.getheader(name) == value


def test_streamlits_own_scripts_are_compressed_and_have_the_headers(server: str) -> None:
    entry = re.search(rb'src="\./(static/js/[^"]+)"', ask(server, "/").read())
    assert entry is not None
    answer = ask(server, f"/{entry.group(1).decode()}", Accept_Encoding="gzip")
    assert answer.getheader("Content-Encoding") == "gzip"
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert b"import" in gzip.decompress(answer.read())


def test_the_websockets_answer_has_the_headers(server: str) -> None:
    answer = ask(server, "/_stcore/stream", Origin=server, **UPGRADE)
    assert answer.status == 101
    assert answer.getheader("X-Content-Type-Options") == "nosniff"


def test_another_sites_websocket_is_refused(server: str) -> None:
    answer = ask(server, "/_stcore/stream", Origin="https://evil.example", **UPGRADE)
    assert answer.status == 403


def test_an_upload_without_the_visitors_token_is_refused(server: str) -> None:
    answer = ask(server, "/_stcore/upload_file/a/b", "PUT", Origin=server, Content_Length="0")
    assert answer.status == 403


def test_an_upload_beyond_the_limit_is_refused_by_the_server(
    page: Page, server: str, tmp_path: Path
) -> None:
    """The page's own request, but with a larger Content-Length, is refused."""
    small = tmp_path / "7.png"
    small.write_bytes(files.picture())
    page.goto(f"{server}/upload")
    with page.expect_request(lambda request: "/upload_file/" in request.url) as sent:
        page.locator("[data-testid=stFileUploader] input").set_input_files(small)
    headers = sent.value.all_headers()
    answer = ask(
        server,
        urlsplit(sent.value.url).path,
        "PUT",
        Origin=server,
        Cookie=headers["cookie"],
        X_Xsrftoken=headers["x-xsrftoken"],
        Content_Length=str(LIMITS.file_bytes + 1),
    )
    assert answer.status == 413


@pytest.mark.parametrize("up", ["..", "%2e%2e", "%2E%2E", "..%2f", "..%5c", "%252e%252e", ".%2e"])
@pytest.mark.parametrize("below", ["", "/static", "/served", "/served/tfjs/v", MODEL, "/media"])
@pytest.mark.parametrize("file", ["streamlit_app.py", ".git/config", "etc/passwd"])
def test_no_source_and_no_dotfile_is_reached(server: str, below: str, up: str, file: str) -> None:
    for separator in ("/", "//", "%2f", "\\"):
        path = f"{below}/{separator.join([up] * 6)}{separator}{file}"
        answer = ask(server, path)
        body = answer.read()
        # Streamlit may answer with its page, which holds no file.
        page = answer.status == 200 and b'<div id="root">' in body
        assert page or answer.status in (400, 404), path
        assert b"import streamlit" not in body and b"[core]" not in body and b"root:" not in body


@pytest.mark.parametrize("path", ["/streamlit_app.py", "/app/share.py", "/.git/config", "/.venv"])
def test_the_repositorys_files_are_not_served(server: str, path: str) -> None:
    body = ask(server, path).read()
    assert b'<div id="root">' in body or body in (b"Not Found", b"Bad Request")


VIOLATIONS = """
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


def test_no_page_breaks_the_policy(page: Page, server: str) -> None:
    page.add_init_script(VIOLATIONS)
    open_page(page, server)
    links = page.locator("[data-testid=stTopNavLink]")
    links.first.wait_for()
    urls = [link.get_attribute("href") for link in links.all()]
    assert len(urls) > 1
    for url in urls:
        assert url
        page.goto(url)
        page.locator(
            "[data-testid=stMain] [data-testid=stElementContainer]:visible"
        ).first.wait_for()
        expect(page.locator("[data-testid=stStatusWidget]")).to_have_count(0, timeout=PATIENT)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.violations") == [], url


def test_five_lanes_and_the_charts_keep_to_the_policy(page: Page, server: str) -> None:
    page.add_init_script(VIOLATIONS)
    open_page(page, server)
    expect(verdict(page)).to_contain_text("All five read 7", timeout=PATIENT)
    assert page.evaluate("window.violations") == []
    assert page.evaluate("crossOriginIsolated")


FORBIDDEN = """
    (async () => {
        const script = document.createElement('script');
        script.textContent = 'window.injected = true';
        document.body.append(script);
        let evaluated = false;
        try { evaluated = new Function('return true')(); } catch {}
        const fetched = await fetch('https://example.com/').then(() => true, () => false);
        const tried = { injected: window.injected ?? false, evaluated, fetched };
        document.body.dataset.tried = JSON.stringify(tried);
    })();
"""


def test_what_the_policy_forbids_does_not_run(
    page: Page, server: str, console_errors: list[str]
) -> None:
    open_page(page, server)
    # `page.evaluate` is not subject to the policy; a script of the page is.
    page.route(
        "**/served/tried.js",
        lambda route: route.fulfill(content_type="text/javascript", body=FORBIDDEN),
    )
    page.evaluate(
        """() => {
            const script = document.createElement('script');
            script.src = '/served/tried.js';
            document.body.append(script);
        }"""
    )
    tried = page.locator("body[data-tried]").get_attribute("data-tried")
    assert tried
    assert json.loads(tried) == {"injected": False, "evaluated": False, "fetched": False}
    for directive in ("script-src", "connect-src"):  # and not because there is no network
        assert any(directive in said for said in console_errors)
    console_errors.clear()


@contextmanager
def site(html: str) -> Iterator[str]:
    """Another site with one page, on this machine, since the app is only reachable from here."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{other.server_port}/"
        other.shutdown()


def test_another_site_cannot_frame_the_app(
    page: Page, server: str, console_errors: list[str]
) -> None:
    with (
        site(f"<iframe src='{server}/'></iframe>") as framing,
        # For this reason, and not because browsers restrict access to local addresses.
        page.expect_console_message(lambda said: "frame-ancestors" in said.text),
    ):
        page.goto(framing)
    assert page.frames[1].locator("#root").count() == 0
    console_errors.clear()


def test_a_links_preview_names_the_app_before_any_script_runs(server: str) -> None:
    html = ask(server, "/?digit=x").read().decode()
    assert '<meta property="og:title" content="Digit Parity" />' in html
    assert '<meta property="og:description"' in html


def test_streamlit_does_not_disclose_paths_of_the_machine(server: str) -> None:
    config = ask(server, "/_stcore/host-config").read().decode()
    assert json.loads(config)
    assert "/root" not in config and "/home" not in config
