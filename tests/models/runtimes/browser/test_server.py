"""The page's server answers its page, and refuses everybody else."""

import http.client
import json
import queue
import socket
import struct

import pytest

from models.runtimes.browser import server
from models.runtimes.browser.server import serving

GOOD = {"kind": "x"}


def framed(words, values=b"", length=None):
    text = words if isinstance(words, bytes) else json.dumps(words).encode()
    return struct.pack("<I", len(text) if length is None else length) + text + values


@pytest.fixture
def page(tmp_path):
    (tmp_path / "weights.bin").write_bytes(b"12345")
    files = {"index.html": b"<p>", "model/my weights.bin": tmp_path / "weights.bin"}
    with serving(files) as running:
        yield running


def ask(page, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", page.server_port, timeout=60)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        connection.close()


def test_a_listed_file_is_given_as_it_is_with_what_threads_need(page):
    status, body, headers = ask(page, "GET", f"/{page.secret}/model/my%20weights.bin?x=1")
    assert (status, body) == (200, b"12345")
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "Access-Control-Allow-Origin" not in headers
    assert ask(page, "GET", f"/{page.secret}/")[:2] == (200, b"<p>")


@pytest.mark.parametrize(
    "path", ["/", "/index.html", "/wrong/index.html", "/é/", "//", "/SECRET", "/SECRET/../x",
             "/SECRET/model/", "/SECRET/model/../model/my%20weights.bin", "/SECRET/etc/passwd"]
)  # fmt: skip
def test_what_is_not_listed_or_asked_without_the_secret_is_not_there(page, path):
    path = path.replace("SECRET", page.secret).encode().decode("latin-1")
    raw = f"GET {path} HTTP/1.1\r\nHost: {page.host}\r\n\r\n".encode("latin-1")
    with socket.create_connection(("127.0.0.1", page.server_port)) as wire:
        wire.settimeout(60)
        wire.sendall(raw)
        assert wire.recv(100).startswith(b"HTTP/1.1 404 ")


def test_another_host_name_is_refused_since_it_may_lead_here(page):
    there = {"Host": f"evil.example:{page.server_port}"}
    assert ask(page, "GET", f"/{page.secret}/", headers=there)[0] == 404
    assert ask(page, "POST", f"/{page.secret}/say", framed(GOOD), there)[0] == 404
    assert page.messages.empty()


def test_a_message_is_taken_with_its_numbers(page):
    body = framed(GOOD, struct.pack("<2f", 1.5, -2))
    assert ask(page, "POST", f"/{page.secret}/say", body)[0] == 204
    message = page.messages.get_nowait()
    assert message.said == GOOD
    assert message.values.tolist() == [1.5, -2]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"abc", framed(b"{"), framed([]), framed({}), framed({"kind": 1}), framed(b"\xff"),
        framed(GOOD, b"123"), framed(GOOD, length=2**32 - 1), framed(GOOD, length=1000),
        framed(b"[" * 100_000),
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused(page, body):
    assert ask(page, "POST", f"/{page.secret}/say", body)[0] == 400
    assert page.messages.empty()


@pytest.mark.parametrize("path", ["/wrong/say", "/SECRET/other", "/say", "/SECRET/"])
def test_a_message_to_another_place_is_refused_unread(page, path):
    headers = {"Content-Length": str(server.MOST_BYTES)}  # none of which is sent
    path = path.replace("SECRET", page.secret)
    assert ask(page, "POST", path, None, headers)[0] == 404


@pytest.mark.parametrize(
    "length, status",
    [(str(server.MOST_BYTES + 1), 413), ("9" * 400, 413), ("-1", 411), ("x", 411), ("²", 411)],
)
def test_a_message_of_a_wrong_length_is_refused_before_it_is_read(page, length, status):
    raw = (
        f"POST /{page.secret}/say HTTP/1.1\r\nHost: {page.host}\r\nContent-Length: {length}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", page.server_port)) as wire:
        wire.settimeout(60)
        wire.sendall(raw.encode("latin-1"))
        assert wire.recv(100).startswith(f"HTTP/1.1 {status} ".encode())


def test_other_methods_are_refused(page):
    assert ask(page, "PUT", f"/{page.secret}/say", b"")[0] == 501
    assert ask(page, "DELETE", f"/{page.secret}/index.html")[0] == 501


def test_more_messages_than_are_looked_at_have_to_wait(page, monkeypatch):
    monkeypatch.setattr(server, "_SECONDS", 0.05)
    sent = [ask(page, "POST", f"/{page.secret}/say", framed(GOOD))[0] for _ in range(5)]
    assert sent == [204] * server.WAITING + [503]
    assert page.messages.qsize() == server.WAITING


def test_more_connections_than_a_browser_needs_are_closed(page):
    held = []
    try:
        for _ in range(server.MOST_CONNECTIONS):
            wire = socket.create_connection(("127.0.0.1", page.server_port))
            held.append(wire)
            wire.sendall(f"GET /{page.secret}/ HTTP/1.1\r\nHost: {page.host}\r\n\r\n".encode())
            wire.settimeout(60)
            assert wire.recv(20).startswith(b"HTTP/1.1 200")
        with socket.create_connection(("127.0.0.1", page.server_port)) as late:
            late.settimeout(60)
            assert late.recv(20) == b""
    finally:
        for wire in held:
            wire.close()


def test_it_can_be_reached_from_this_machine_alone_and_not_when_it_is_over():
    with serving({}) as page:
        host, port = page.server_address[:2]
    assert host == "127.0.0.1"
    assert len(page.secret) >= 32
    with pytest.raises(ConnectionRefusedError), socket.create_connection((host, port)):
        pass
    with pytest.raises(queue.Empty):
        page.messages.get_nowait()
