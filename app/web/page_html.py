"""Every page's HTML: Streamlit's, with our title, description, icon and stylesheet.

A link preview shows the first three, and so does a tab before the app has started. The stylesheet
is there first, so that elements do not move as they arrive.

It also announces the scripts that Streamlit's own script finds it needs only once it has connected,
and then one after the other. Over a slow network they are there by then.

The HTML is constant and needs no template: importing Jinja2 takes 50 ms of a new server's start.
"""

from __future__ import annotations

import gzip
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path

from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from app.frontend import module_tree
from app.streamlit_internals import canvas_package, index_html, static
from app.web import file_response

_APP = Path(__file__).resolve().parents[1]
# Redirects, from and to paths below the root. Streamlit serves the first page at the root only, not
# under its name; links to the Inspect page were shared under its old name.
MOVED = {"draw": "", "models": "inspect"}
# What every page begins with: links to the pages, a heading, a component.
LATE = ("PageLink", "Html", "BidiComponent")
TITLE = "Digit Parity"
DESCRIPTION = (
    "Draw a digit: a Keras model and its two TensorFlow.js conversions read it side by side, "
    "on the server and in your own browser."
)


class _PageName(StringConvertor):
    """A page's path below the root; empty for the first page. Matches no file and no route."""

    regex = "[a-z-]*"


register_url_convertor("page", _PageName())


def routes(base: str = "", styles: tuple[Path, ...] = ()) -> list[Route]:
    """The pages' routes in an app that is served below the path ``base``; see ``html``."""

    async def page(request: Request) -> Response:
        is_draw = request.path_params["name"] == ""
        headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
        if "gzip" not in file_response.accepted_encodings(request):
            return HTMLResponse(html(styles, is_draw=is_draw), headers=headers)
        headers["Content-Encoding"] = "gzip"
        return HTMLResponse(_compressed(styles, is_draw=is_draw), headers=headers)

    moved = [Route(f"{base}/{old}", _redirect(new)) for old, new in MOVED.items()]
    return [*moved, Route(f"{base}/{{name:page}}", page)]


def _redirect(new: str) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that redirects to the path ``new`` and keeps the query string."""

    async def endpoint(request: Request) -> Response:
        query = request.url.query
        return RedirectResponse(f"./{new}" + (f"?{query}" if query else ""))

    return endpoint


@cache
def _compressed(styles: tuple[Path, ...], *, is_draw: bool) -> bytes:
    return gzip.compress(html(styles, is_draw=is_draw).encode(), mtime=0)


@cache
def html(styles: tuple[Path, ...] = (), *, is_draw: bool = True) -> str:
    """The HTML of Draw or of another page, with these stylesheets, and the same inline scripts.

    Raises RuntimeError when Streamlit's HTML is not as expected.
    """
    head = [
        f"<title>{TITLE}</title>",
        f'<meta name="description" content="{DESCRIPTION}" />',
        f'<meta property="og:title" content="{TITLE}" />',
        f'<meta property="og:description" content="{DESCRIPTION}" />',
        '<meta property="og:type" content="website" />',
        '<meta name="twitter:card" content="summary" />',
    ]
    icon = '<link rel="icon" type="image/svg+xml" href="./served/app/mark.svg" />'
    # Streamlit adds stylesheets to the head; of two equal rules the later one wins.
    end = (
        f'<style>{_style(styles)}</style><p id="dp-said" role="status"></p>'
        f"<script>{_script('ui/live_region.js')}</script>"
        f"<script>{_script('ui/jumps.js')}</script>"
        f"<script>{_script('inspect/zoom.js')}</script>"
        f"<script>{_script('draw/canvas/first_strokes.js')}</script>"
    )
    later = "".join(
        f'<link rel="modulepreload" crossorigin href="./{path}" />'
        for path in _announced(is_draw=is_draw)
    )
    return index_html.page(head="\n    ".join(head), icon=icon, later=later, end=end)


def _announced(*, is_draw: bool) -> list[str]:
    """URL paths of scripts that the browser fetches behind Streamlit's own, in this order."""
    late = static.with_imports(*LATE)
    if not is_draw:
        return late
    studio = [module_tree.APP.url_path(each) for each in module_tree.APP.preloaded]
    return [*late, *studio, canvas_package.script()]


def _script(name: str) -> str:
    return (_APP / name).read_text("utf-8")


def _style(styles: tuple[Path, ...]) -> str:
    from app.ui import palette  # so that the server answers before it is imported

    return "".join([palette.style(), *(path.read_text("utf-8") for path in styles)])
