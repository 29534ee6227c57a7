"""``python -m tests.e2e.contact_sheet OUT.html``: every page and state, on one sheet.

At three widths, light and dark, from the running app, for whoever changes a page's looks. The
pictures lie beside the sheet, in a folder of its name. ``--page draw`` makes one page's rows alone.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path
from typing import Literal, NamedTuple

from markupsafe import Markup, escape
from playwright.sync_api import Browser, Page

from tests.e2e import screenshots
from tests.e2e.states.pages import STATES, State
from tests.support import chromium, drawing

Theme = Literal["light", "dark"]
WIDTHS, THEMES = (1440, 768, 390), ("light", "dark")
SHORTEST, LONGEST = 900, 6_000  # pixels of a picture's height
BELOW = 48
STYLE = """body { font: 14px/1.5 system-ui, sans-serif; margin: 1.5rem }
body { background: #888; color: #fff }
td { vertical-align: top; padding: .25rem } th { text-align: left } img { display: block }
img { width: 320px } img.narrow { width: 160px } .problem { color: #ffd0d0 }"""


class Shot(NamedTuple):
    """A picture of a state."""

    path: Path
    width: int


class Row(NamedTuple):
    """A state's pictures, and why it did not come if it did not."""

    page: str
    state: str
    shots: list[Shot]
    problem: str


def main() -> None:
    """Write the sheet and its pictures. A state that does not come is named on it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sheet", type=Path)
    parser.add_argument("--page", choices=[name or "draw" for name in STATES])
    asked = parser.parse_args()
    pictures = asked.sheet.with_suffix("")
    pictures.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    with chromium.with_app() as (browser, address):
        for name, states in STATES.items():
            if asked.page in (None, name or "draw"):
                rows += [_row(browser, f"{address}/{name}", each, pictures) for each in states]
    asked.sheet.write_text(sheet(rows, asked.sheet.parent), "utf-8")


def _row(browser: Browser, address: str, state: State, folder: Path) -> Row:
    """One visit, brought into the state and then looked at on every screen."""
    page = screenshots.open_page(browser, address, (WIDTHS[0], SHORTEST), "light")
    where, problem = address.rpartition("/")[2] or "draw", ""
    name = state.__name__.removeprefix(f"{where}_").replace("_", " ")
    try:
        state(page)
    except Exception as error:  # whatever kept it from coming, the sheet shows what came
        problem = str(error).splitlines()[0]
    shots = [
        _shot(page, width, theme, folder / f"{where}-{name}-{width}-{theme}.png".replace(" ", "-"))
        for width, theme in itertools.product(WIDTHS, THEMES)
    ]
    page.close()
    return Row(where, name, shots, problem)


def _shot(page: Page, width: int, theme: Theme, path: Path) -> Shot:
    """The whole page, which scrolls inside Streamlit's main part, at this width."""
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": SHORTEST})
    _wait(page)
    height = page.evaluate("document.querySelector('.stMain').scrollHeight") + BELOW
    page.set_viewport_size({"width": width, "height": min(max(height, SHORTEST), LONGEST)})
    _wait(page)
    screenshots.save(screenshots.shot(page), path)
    return Shot(path, width)


def _wait(page: Page) -> None:
    """Charts follow a new size, and the app a new theme, in frames of their own."""
    page.wait_for_load_state("networkidle")
    for _ in range(10):
        page.evaluate(drawing.PAINTED)


def sheet(rows: list[Row], beside: Path) -> str:
    """The sheet's HTML: a row for each state, a picture for each screen."""
    head = Markup("").join(
        Markup("<th>{}</th>").format(f"{width}, {theme}")
        for width, theme in itertools.product(WIDTHS, THEMES)
    )
    body = Markup("").join(
        Markup(
            "<tr><th colspan=6>{}: {} <span class=problem>{}</span></th></tr><tr>{}</tr>"
        ).format(
            row.page,
            row.state,
            row.problem,
            Markup("").join(_cell(each, beside) for each in row.shots),
        )
        for row in rows
    )
    return Markup(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Every page and state</title>"
        "<style>{}</style><table><tr>{}</tr>{}</table></html>"
    ).format(Markup(STYLE), head, body)


def _cell(shot: Shot, beside: Path) -> Markup:
    where = shot.path.relative_to(beside).as_posix()
    kind = "narrow" if shot.width == min(WIDTHS) else "wide"
    return Markup(
        "<td><a href='{0}'><img loading=lazy class={1} src='{0}' alt='{2}'></a></td>"
    ).format(where, kind, escape(shot.path.stem))


if __name__ == "__main__":
    main()
