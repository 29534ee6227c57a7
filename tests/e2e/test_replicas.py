"""Two servers behind the nginx that ships: visitors stay with one, and outlive it."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.e2e import nginx
from tests.e2e.conftest import LAPTOP
from tests.e2e.drawing import DIGITS, clear, draw, open_page, readings, verdict
from tests.e2e.servers import free_port, serving

PATIENT = 60_000
COOKIE = "digit_parity_visitor"

pytestmark = pytest.mark.skipif(
    nginx.find() is None,
    reason="nginx is not here. As root, `python -m tests.e2e.nginx` installs it on Debian.",
)


@dataclass
class Cluster:
    """The address that visitors use, that of each replica, and how to end one."""

    address: str
    replicas: list[str]
    lives: list[ExitStack]

    def visitors(self) -> list[int]:
        """How many sessions are connected to each replica that is alive."""
        return [_sessions(replica) for replica in self.replicas]


def _sessions(replica: str) -> int:
    try:
        with urllib.request.urlopen(
            f"{replica}/_stcore/metrics?families=active_sessions"
        ) as answer:
            told = answer.read().decode()
    except OSError:
        return 0
    found = re.search(r"^active_sessions (\d+)", told, re.MULTILINE)
    assert found, told
    return int(found[1])


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with ExitStack() as everything:
        lives = [everything.enter_context(closing(ExitStack())) for _ in range(2)]
        replicas = [
            life.enter_context(serving(log=tmp_path / f"replica-{which}.log", **COOKIE_SECRET))
            for which, life in enumerate(lives)
        ]
        hosts = [replica.removeprefix("http://") for replica in replicas]
        address = everything.enter_context(nginx.balancing(hosts, free_port(), tmp_path))
        yield Cluster(address, replicas, lives)


# The replicas must read each other's cookies: a visitor's upload token is one of them.
COOKIE_SECRET = {"STREAMLIT_SERVER_COOKIE_SECRET": "the same for both replicas, in this test"}


def visit(browser: Browser, address: str, which: int) -> Page:
    """A new visitor whose cookie leads to a replica that is told apart from others by `which`."""
    context = browser.new_context(viewport=LAPTOP)
    context.set_default_timeout(30_000)
    value = f"visitor-{which}"
    context.add_cookies([{"name": COOKIE, "value": value, "url": address}])
    return context.new_page()


def test_a_visitor_outlives_the_replica_that_served_them(
    browser: Browser, cluster: Cluster
) -> None:
    page = visit(browser, cluster.address, 1)
    missing: list[str] = []

    def listen(response: Response) -> None:
        if response.status >= 400:
            missing.append(f"{response.status} {response.url}")

    page.on("response", listen)
    open_page(page, cluster.address)
    clear(page)
    draw(page, DIGITS[4])
    expect(verdict(page)).to_contain_text("All five lanes read 4", timeout=PATIENT)
    expect(page).to_have_url(re.compile("digit="))
    assert readings(page, "browser") == ["4", "4"]
    assert missing == []

    before = cluster.visitors()
    assert sorted(before) == [0, 1]
    mine = before.index(1)
    page.reload()
    expect(verdict(page)).to_contain_text("All five lanes read 4", timeout=PATIENT)
    assert cluster.visitors()[1 - mine] == 0
    link = page.url
    cluster.lives[mine].close()

    # Without a click of theirs: the page says so, reconnects and shows their digit again.
    expect(page.get_by_text(re.compile("connect", re.IGNORECASE)).first).to_be_visible()
    expect(verdict(page)).to_contain_text("All five lanes read 4", timeout=PATIENT)
    assert page.url == link
    assert cluster.visitors()[1 - mine] == 1
    clear(page)
    draw(page, DIGITS[1])
    expect(verdict(page)).to_contain_text("All five lanes read 1", timeout=PATIENT)

    other = visit(browser, cluster.address, 2)
    other.goto(link)
    expect(verdict(other)).to_contain_text("All five lanes read 4", timeout=PATIENT)
