"""What a first visit fetches, in which order, and how much of it comes before the verdict."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from app.web import packed_assets
from tests.e2e.pages.draw.pad import Late
from tests.support.drawing import PATIENT, verdict

CHARTS = "/loadVegaEmbed."
# Compressed bytes. Both formats are 0.87 MB of them, TensorFlow.js 0.29, the font 0.17.
MOST = 2_200_000


class Fetched:
    """What the page requests, in order, and the compressed size of each response."""

    def __init__(self, page: Page) -> None:
        self.paths: list[str] = []
        self.sizes: dict[str, int] = {}
        self._urls: dict[str, str] = {}
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.on("Network.requestWillBeSent", self._requested)
        devtools.on("Network.loadingFinished", self._finished)

    def _requested(self, event: dict[str, Any]) -> None:
        url = urlsplit(event["request"]["url"])
        if url.scheme == "http":
            self._urls[event["requestId"]] = url.path
            self.paths.append(url.path)

    def _finished(self, event: dict[str, Any]) -> None:
        if path := self._urls.get(event["requestId"]):
            self.sizes[path] = int(event["encodedDataLength"])

    def at(self, part: str) -> int:
        """The place of the first path with this in it."""
        return next(at for at, path in enumerate(self.paths) if part in path)


@pytest.fixture
def fetched(page: Page, server: str) -> Fetched:
    """All of a first visit, until its charts are drawn."""
    packed_assets.pack()  # as every start of a server does
    fetched = Fetched(page)
    page.goto(server)
    expect(verdict(page)).to_contain_text("All five", timeout=PATIENT)
    expect(page.locator(".dp-chart svg.marks")).to_have_count(5, timeout=PATIENT)
    return fetched


def test_no_font_of_icons_is_fetched(fetched: Fetched) -> None:
    fonts = [path for path in fetched.paths if path.endswith(".woff2")]
    assert len(fonts) == 1 and "SourceSans" in fonts[0]


def test_nothing_is_fetched_twice(fetched: Fetched) -> None:
    """What is announced otherwise than it is asked for would be."""
    files = Counter(path for path in fetched.paths if path.endswith((".js", ".json", ".bin")))
    assert [path for path, times in files.items() if times > 1] == []


def test_the_pad_comes_before_tensorflow_and_that_before_the_models(fetched: Fetched) -> None:
    order = ["react-dom.", "/BidiComponent.", "/served/canvas/", "/served/tfjs/"]
    order += ["/model_graph/", "/model_layers/", CHARTS]
    places = [fetched.at(part) for part in order]
    assert places == sorted(places)


def test_what_comes_before_the_charts_has_a_bound(fetched: Fetched) -> None:
    before = set(fetched.paths[: fetched.at(CHARTS)])
    assert sum(fetched.sizes[path] for path in before if path in fetched.sizes) < MOST


def test_charts_wait_for_the_browsers_lanes_and_the_servers_are_shown_meanwhile(
    page: Page, server: str
) -> None:
    fetched = Fetched(page)
    weights = Late(page, r"served/models/.*\.bin")
    with page.expect_request(re.compile("served/models/.*bin"), timeout=PATIENT):
        page.goto(server, wait_until="commit")
    answered = page.locator(".dp-lanes tr[data-where=server][data-state=answered]")
    expect(answered).to_have_count(3, timeout=PATIENT)
    assert not any(CHARTS in path or "/served/charts/" in path for path in fetched.paths)
    weights.let_go()
    expect(verdict(page)).to_contain_text("All five", timeout=PATIENT)
    expect(page.locator(".dp-chart svg.marks")).to_have_count(5, timeout=PATIENT)
