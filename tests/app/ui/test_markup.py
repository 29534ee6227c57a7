"""All text on a page is escaped."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from app.inspect.results.compared_maps import Figure
from app.ui import markup, templates
from app.upload.results import tables
from models.parity.verdict import Verdict

EVIL = """<script>alert(1)</script> "double" 'single' & {{ 7 * 7 }}\n<img src=x onerror=alert(1)>"""
PART = {"name": EVIL, "kind": EVIL, "facts": EVIL}
ROW = {"layers": [PART], "how": EVIL, "operations": [PART]}
LINE = {
    "name": EVIL,
    "lane": {"format": EVIL},
    "spoken": EVIL,
    "percent": EVIL,
    "width": EVIL,
    "count": EVIL,
    "left": EVIL,
    "failed": True,
}


class Page(HTMLParser):
    """The tags, the attributes and the text of HTML, as a browser parses it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attributes

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.text.append(data.strip())


def _maps(figure: Figure) -> str:
    return templates.render("inspect/results/feature_maps.html", "maps", [figure], False)


@pytest.mark.parametrize(
    ("html", "times"),
    [
        (markup.verdict_html(Verdict("agree", EVIL, EVIL)), 2),
        (markup.chart_title_html(EVIL, EVIL), 2),
        (markup.note_html(EVIL), 1),
        (tables.table([EVIL], [[EVIL, EVIL]]), 3),
        (templates.render("upload/results/tables.html", "lane", EVIL, EVIL, False, EVIL), 1),
        (templates.render("upload/results/one_picture.html", "picture", EVIL, "a", EVIL), 1),
        (templates.render("upload/progress/files.html", "drop", EVIL), 1),
        (_maps(Figure(url="", caption=EVIL, alt="")), 1),
        (templates.render("inspect/results/diagram.html", "diagram", [ROW]), 7),
        (templates.render("upload/progress/bars.html", "progress", [LINE]), 3),
    ],
    ids=["verdict", "title", "note", "table", "lane", "picture", "drop", "maps", "diagram", "bars"],
)
def test_hostile_text_is_text(html: str, times: int) -> None:
    page = Page(html)
    assert not {"script", "onerror"} & (page.tags | {name for name, _ in page.attributes})
    assert page.text.count(EVIL) == times


def test_hostile_text_stays_in_its_attribute() -> None:
    page = Page(_maps(Figure(url=EVIL, caption="", alt=EVIL)))
    assert page.attributes[1:] == [("alt", EVIL), ("src", EVIL)]
