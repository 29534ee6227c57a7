"""Other sites' pages and other names are refused where Streamlit refuses them for its websocket."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st
from streamlit import config, net_util
from streamlit.web.server import server_util

from app.web.own_site import OwnSite
from tests.support import asgi


async def hello(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def status(path: str, base: str = "", **headers: str) -> int:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return int(asgi.ask(OwnSite(hello, base), path, headers=raw)[0]["status"])


@pytest.mark.parametrize("path", ["/served/reading", "/served/sets/token/pixels", "/"])
def test_another_sites_page_is_refused(path: str) -> None:
    assert status(path, host="parity.example.org", origin="https://evil.example") == 403
    assert status(path, host="parity.example.org", origin="null") == 403


def test_our_own_page_and_who_names_no_origin_are_answered() -> None:
    assert status("/served/reading", host="parity.example.org") == 200
    origin = "https://parity.example.org"
    assert status("/served/reading", host="parity.example.org", origin=origin) == 200


def test_a_foreign_origin_has_the_server_ask_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_: Any, **__: Any) -> None:
        raise AssertionError("The server asked the Internet for its address.")

    monkeypatch.setattr(net_util, "_make_blocking_http_get", ask)
    assert (
        status("/served/reading", host="parity.example.org", origin="https://evil.example") == 403
    )
    assert not server_util.is_url_from_allowed_origins("https://evil.example")


@pytest.fixture
def named_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"server.allowedHosts": ["parity.example.org"]}
    read = st.get_option
    monkeypatch.setattr(config, "get_option", lambda name: options.get(name) or read(name))


@pytest.mark.usefixtures("named_hosts")
@pytest.mark.parametrize("base", ["", "/below"])
def test_another_name_than_the_operators_is_refused(base: str) -> None:
    assert status(f"{base}/", base, host="parity.example.org:8501") == 200
    for host in ("evil.example", "127.0.0.1:8501", "parity.example.org.evil.example"):
        for path in ("/", "/served/reading", "/_stcore/host-config", "/_stcore/upload_file/a/b"):
            assert status(base + path, base, host=host) == 421


@pytest.mark.usefixtures("named_hosts")
@pytest.mark.parametrize("path", ["/_stcore/health", "/served/ready"])
def test_a_probe_asks_by_address(path: str) -> None:
    assert status(path, host="10.1.2.3:8501") == 200
