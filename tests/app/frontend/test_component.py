"""A component's script is one text at one address, and Streamlit sends only where."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette

from app.frontend import component
from app.streamlit_internals import vega
from app.web import assets
from tests.support.asgi import ask, body, headers

APP = Starlette(routes=assets.routes())
FOLDER = Path(component.__file__).parents[1]


@pytest.mark.parametrize("name", sorted(assets.COMPONENTS | assets.THREADS))
def test_a_script_is_whole_and_kept_for_good(name: str) -> None:
    answer = ask(APP, f"/{component.address(name)}")
    assert answer[0]["status"] == 200
    assert headers(answer)["content-type"].startswith("text/javascript")
    assert "immutable" in headers(answer)["cache-control"]
    text = body(answer).decode()
    assert text == component.source(name)
    assert ("export default" in text) == (name in assets.COMPONENTS)
    assert not re.search(r"^import ", text, re.MULTILINE), "nothing is left to be fetched"


def test_it_is_sent_packed_to_whom_it_suits() -> None:
    answer = ask(
        APP,
        f"/{component.address('draw/results/result_component.js')}",
        headers=[(b"accept-encoding", b"gzip")],
    )
    assert headers(answer)["content-encoding"] == "gzip"
    assert gzip.decompress(body(answer)).decode() == component.source(
        "draw/results/result_component.js"
    )


def test_a_page_older_than_the_server_gets_todays_script_for_now() -> None:
    answer = ask(APP, "/served/app/0123456789abcdef/draw/results/result_component.js")
    assert answer[0]["status"] == 200
    assert headers(answer)["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "name",
    [
        "ui/live_region.js",
        "draw/results/vega_chart.js",
        "secret.js",
        "..",
        "web/security_headers.py",
    ],
)
def test_nothing_else_has_such_an_address(name: str) -> None:
    assert ask(APP, f"/served/app/0123456789abcdef/{name}")[0]["status"] == 404


def test_every_component_of_ours_is_loaded_that_way() -> None:
    asked = {
        name
        for path in FOLDER.rglob("*.py")
        for name in re.findall(r'component\.component\(\s*"\w+",\s*"([\w./]+)"', path.read_text())
    }
    assert asked == assets.COMPONENTS


def test_what_streamlit_sends_is_short_and_names_the_address() -> None:
    text = component.loader("draw/lanes/browser_lanes.js")
    assert len(text) < 300
    assert component.address("draw/lanes/browser_lanes.js") in text


def test_streamlits_own_vega_is_where_the_charts_look_for_it() -> None:
    from streamlit.file_util import get_static_dir

    text = (Path(get_static_dir()) / vega.script()).read_text()
    assert "expressionInterpreter" in text and "embed" in text
    assert len(re.findall(r"export\{", text)) == 1
