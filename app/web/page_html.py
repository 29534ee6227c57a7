"""Every page's HTML: Streamlit's own, with a title, a description, an icon and a style of ours.

The first three are what a chat shows of a link and what a tab shows before the app has started. The
style is there before anything else, so that what comes later finds its place kept.

All of it is constant: no template. Importing Jinja2 would cost a new server's first visitor 50 ms.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path

from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from app.frontend import module_tree
from app.streamlit_internals import index_html

_APP = Path(__file__).resolve().parents[1]
STYLES = [
    _APP / "ui" / "base.css",
    _APP / "streamlit_internals" / "page.css",
    *sorted(_APP.glob("*/style.css")),
    _APP / "upload" / "results" / "tables.css",
]
# Addresses below the root, and where the page is. Streamlit puts the first page at the root, where
# its name does not find it; links to the Inspect page were shared under its old name.
MOVED = {"draw": "", "models": "inspect"}
TITLE = "Digit Parity"
DESCRIPTION = (
    "Draw a digit: a Keras model and its two TensorFlow.js conversions read it side by side, "
    "on the server and in your own browser."
)
# What the canvas is made of. The browser fetches it while Streamlit's own script is on its way, and
# not one module after the other once that has run. More of them would take Streamlit's turn.
PRELOADED = [
    "draw/canvas/canvas.js",
    "draw/canvas/undo.js",
    "draw/events.js",
    "frontend/component.js",
    "frontend/tfjs.js",
    "streamlit_internals/canvas_package.js",
    "streamlit_internals/root_address.js",
]


class _PageName(StringConvertor):
    """A page's address below the root, the first page's empty one too; no file, no route."""

    regex = "[a-z-]*"


register_url_convertor("page", _PageName())


def routes(base: str = "") -> list[Route]:
    """The pages' addresses in an app that lives under the path ``base``."""
    moved = [Route(f"{base}/{old}", _redirect(new)) for old, new in MOVED.items()]
    return [*moved, Route(f"{base}/{{name:page}}", _shell)]


def _redirect(new: str) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that sends the visitor to ``new``, with the query of the address."""

    async def endpoint(request: Request) -> Response:
        query = request.url.query
        return RedirectResponse(f"./{new}" + (f"?{query}" if query else ""))

    return endpoint


async def _shell(_request: Request) -> Response:
    return HTMLResponse(html(), headers={"Cache-Control": "no-cache"})


@cache
def html() -> str:
    """The page. Raises RuntimeError when Streamlit's own has another head than expected."""
    head = [
        f"<title>{TITLE}</title>",
        f'<meta name="description" content="{DESCRIPTION}" />',
        f'<meta property="og:title" content="{TITLE}" />',
        f'<meta property="og:description" content="{DESCRIPTION}" />',
        '<meta property="og:type" content="website" />',
        '<meta name="twitter:card" content="summary" />',
        *(
            f'<link rel="modulepreload" href="./{module_tree.APP.address(name)}" />'
            for name in PRELOADED
        ),
    ]
    icon = '<link rel="icon" type="image/svg+xml" href="./served/app/mark.svg" />'
    # Behind all that Streamlit writes into the head: of two equal rules the later one holds.
    end = (
        f'<style>{_style()}</style><p id="dp-said" role="status"></p><script>{_announce()}</script>'
    )
    return index_html.page(head="\n    ".join(head), icon=icon, end=end)


def _announce() -> str:
    return (_APP / "ui" / "live_region.js").read_text()


def _style() -> str:
    from app.ui import palette  # the server answers before this is imported

    return "".join([palette.style(), *(path.read_text() for path in STYLES)])
