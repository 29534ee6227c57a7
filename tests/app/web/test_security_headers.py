"""Every response has the headers; the policy allows only what the page needs."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from app.startup import page_files
from app.web import page_html, security_headers
from tests.support.asgi import Messages, ask, body, headers

CONFIG = Path(__file__).parents[3] / ".streamlit" / "config.toml"


async def fine(_request: Request) -> Response:
    return PlainTextResponse("fine")


async def unchanged(_request: Request) -> Response:
    return Response(status_code=304)


async def broken(_request: Request) -> Response:
    raise RuntimeError("/a/secret/path")


async def accept(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close()


async def refuse(websocket: WebSocket) -> None:
    await websocket.close()


APP = Starlette(
    routes=[
        Route("/fine", fine),
        Route("/unchanged", unchanged),
        Route("/broken", broken),
        WebSocketRoute("/accept", accept),
        WebSocketRoute("/refuse", refuse),
        *page_html.routes("/base", page_files.STYLES),
    ],
    middleware=[Middleware(security_headers.SecurityHeaders)],
    exception_handlers={500: security_headers.server_error},
)


def assert_secured(messages: Messages, *, page: bool = False) -> None:
    wanted = {name.lower(): value for name, value in security_headers.headers(page=page).items()}
    assert wanted.items() <= headers(messages).items()


@pytest.mark.parametrize(("path", "status"), [("/fine", 200), ("/nowhere", 404), ("/broken", 500)])
def test_every_http_response_has_the_headers(path, status):
    answer = ask(APP, path)
    assert answer[0]["status"] == status
    assert_secured(answer)


@pytest.mark.parametrize("path", ["/base/upload", "/unchanged"])
def test_a_page_and_a_304_have_the_whole_policy(path):
    assert_secured(ask(APP, path), page=True)


def test_other_responses_have_a_part_of_the_policy_in_a_third_of_the_bytes():
    page, other = (
        rules(security_headers.content_security_policy("https://a.example", page=page))
        for page in (True, False)
    )
    assert all(set(sources) <= set(page[name]) for name, sources in other.items())
    assert {"default-src", "script-src", "connect-src", "frame-ancestors"} == set(other)
    sizes = [len(security_headers.content_security_policy(page=page)) for page in (True, False)]
    assert 3 * sizes[1] < sizes[0]


def test_a_link_to_the_first_page_by_its_name_redirects_to_the_root():
    answer = ask(APP, "/base/draw", query_string=b"digit=abc")
    assert answer[0]["status"] == 307
    assert headers(answer)["location"] == "./?digit=abc"


def test_a_link_to_a_page_under_its_old_name_redirects_to_the_page():
    answer = ask(APP, "/base/models", query_string=b"digit=abc&model=mnist")
    assert answer[0]["status"] == 307
    assert headers(answer)["location"] == "./inspect?digit=abc&model=mnist"


def test_an_error_in_the_server_shows_no_traceback_and_no_path():
    assert body(ask(APP, "/broken")) == b"Something went wrong on the server. Try again."


def test_an_accepted_websocket_has_the_headers():
    answer = ask(APP, "/accept", "websocket")
    assert answer[0]["type"] == "websocket.accept"
    assert_secured(answer)


def test_a_refused_websocket_has_the_headers():
    answer = ask(APP, "/refuse", "websocket", extensions={"websocket.http.response": {}})
    assert (answer[0]["type"], answer[0]["status"]) == ("websocket.http.response.start", 403)
    assert answer[1]["type"] == "websocket.http.response.body"
    assert_secured(answer)


def test_a_websocket_closed_after_it_was_accepted_is_just_closed():
    sent = ask(APP, "/accept", "websocket", extensions={"websocket.http.response": {}})
    assert [message["type"] for message in sent] == ["websocket.accept", "websocket.close"]


def rules(policy: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in map(str.split, policy.split("; "))}


def test_only_the_servers_own_scripts_run():
    scripts = rules(security_headers.content_security_policy())["script-src"]
    assert "'unsafe-inline'" not in scripts
    assert "'unsafe-eval'" not in scripts
    assert not any(source.startswith(("http", "*", "data:")) for source in scripts)


def test_no_rule_names_another_site():
    for sources in rules(security_headers.content_security_policy()).values():
        assert not any("." in source or "*" in source for source in sources)


def test_the_operator_may_name_sites_that_frame_the_app():
    policy = security_headers.content_security_policy("https://huggingface.co https://a.example")
    wanted = ["'self'", "https://huggingface.co", "https://a.example"]
    assert rules(policy)["frame-ancestors"] == wanted


@pytest.mark.parametrize("framed_by", ["x; script-src *", "x, y", "x\r\nSet-Cookie: a=b"])
def test_a_list_of_sites_cannot_start_another_rule_or_header(framed_by):
    with pytest.raises(ValueError, match="DIGIT_PARITY_FRAMED_BY"):
        security_headers.content_security_policy(framed_by)


def test_a_links_preview_has_a_title_a_description_and_an_icon():
    html = page_html.html()
    assert html.count("<title>") == 1
    assert '<meta property="og:title" content="Digit Parity" />' in html
    assert f'<meta property="og:description" content="{page_html.DESCRIPTION}" />' in html
    assert 'href="./served/app/mark.svg"' in html
    assert "favicon.png" not in html


def test_the_stylesheet_is_in_the_html():
    html = page_html.html(page_files.STYLES)
    assert ".st-key-studio" in html and "--dp-keras:" in html
    assert html.index("</head>") < html.index(".st-key-studio") < html.index("</body>")


def test_the_server_sends_the_pages_styles_and_preloads_their_modules():
    import streamlit_app

    html = page_html.html(page_files.STYLES, is_draw=False)
    assert body(ask(streamlit_app.app, "/upload")).decode() == html


@pytest.mark.parametrize("path", ["/base/static/js/x.js", "/base/_stcore/health", "/base/a/b", "/"])
def test_files_and_routes_are_not_pages(path):
    assert ask(APP, path)[0]["status"] == 404


def test_the_configuration_keeps_streamlits_guards_and_hides_tracebacks():
    config = tomllib.loads(CONFIG.read_text())
    assert config["server"]["enableCORS"]
    assert config["server"]["enableXsrfProtection"]
    assert config["client"]["showErrorDetails"] == "none"
    assert not config["browser"]["gatherUsageStats"]


def test_the_server_has_the_same_upload_limit_as_the_readers():
    from models.dataset import limits

    config = tomllib.loads(CONFIG.read_text())
    assert config["server"]["maxUploadSize"] * 2**20 == limits.LIMITS.file_bytes


def test_the_camera_is_for_our_own_pages_and_nothing_else_is():
    policy = security_headers.headers(page=True)["Permissions-Policy"]
    assert "camera=(self)" in policy and "microphone=()" in policy
