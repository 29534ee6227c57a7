"""Two servers behind the shipped nginx configuration: visitors stay with one, and outlive it."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from app.session import ready
from app.upload.results import downloads
from tests.e2e.conftest import LAPTOP
from tests.support import nginx
from tests.support.drawing import DIGITS, PATIENT, clear, draw, open_page, readings, verdict
from tests.support.servers import free_port, serving
from tests.support.waiting import until

BACK = "The connection was lost and is back."

pytestmark = pytest.mark.skipif(
    nginx.find() is None,
    reason="nginx is not here. As root, `python -m tests.support.nginx` installs it on Debian.",
)


# The replicas must read each other's cookies: a visitor's upload token is one of them.
SHARED = {"STREAMLIT_SERVER_COOKIE_SECRET": "the same for both replicas, in this test"}


@dataclass
class Cluster:
    """The URL that visitors use, that of each replica, and how to end one."""

    url: str
    replicas: list[str]
    lives: list[ExitStack]

    def visitors(self) -> list[int]:
        """How many sessions are connected to each replica; 0 if it has ended."""
        return [_sessions(replica) for replica in self.replicas]

    def wait_for(self, visitors: list[int]) -> None:
        """Wait until this many are connected to each replica."""
        until(
            lambda: self.visitors() == visitors,
            lambda: f"{self.visitors()} visitors, expected {visitors}",
            PATIENT / 1e3,
        )


def _sessions(replica: str) -> int:
    url = f"{replica}/_stcore/metrics?families=active_sessions"
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            metrics = response.read().decode()
    except OSError:
        return 0
    sessions = re.search(r"^active_sessions (\d+)", metrics, re.MULTILINE)
    assert sessions, metrics
    return int(sessions[1])


@contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    """Two replicas behind nginx. Neither may log an exception."""
    logs = [folder / "replica-1.log", folder / "replica-2.log"]
    with ExitStack() as everything:
        lives = [everything.enter_context(ExitStack()) for _ in logs]
        replicas = [
            life.enter_context(serving(log=log, **SHARED))
            for life, log in zip(lives, logs, strict=True)
        ]
        hosts = [replica.removeprefix("http://") for replica in replicas]
        url = everything.enter_context(nginx.balancing(hosts, free_port(), folder))
        yield Cluster(url, replicas, lives)
    assert all("Traceback" not in log.read_text() for log in logs)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running(tmp_path_factory.mktemp("cluster")) as shared:
        yield shared


@pytest.fixture
def mortal_cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster for one test, which may end its replicas."""
    with running(tmp_path) as own:
        yield own


@pytest.fixture
def missing() -> list[str]:
    """Every failed response."""
    return []


@pytest.fixture
def visitor(browser: Browser, missing: list[str]) -> Iterator[Page]:
    """A page without a cookie: nginx gives it one, and with it a replica."""
    context = browser.new_context(viewport=LAPTOP)
    context.set_default_timeout(30_000)
    page = context.new_page()

    def listen(response: Response) -> None:
        if response.status >= 400:
            missing.append(f"{response.status} {response.url}")

    page.on("response", listen)
    yield page
    context.close()


def home(cluster: Cluster) -> int:
    """The replica of the only visitor."""
    visitors = cluster.visitors()
    assert sorted(visitors) == [0, 1]
    return visitors.index(1)


def upload_and_run(page: Page, folder: Path) -> None:
    """A ZIP of a hundred digits through all lanes of the Upload page."""
    path = folder / "digits.zip"
    path.write_bytes(downloads.pictures_zip(ready.pictures("mnist"), tuple("0123456789")))
    page.locator("[data-testid=stFileUploader] input").set_input_files(path)
    expect(page.locator(".dp-headline")).to_contain_text("100 with a label: 100 from the folder")
    page.locator(".st-key-upload-run button").click()
    expect(page.locator(".dp-headline")).to_contain_text(
        "right with all formats; they never disagree.", timeout=PATIENT
    )


def test_uploads_assets_and_websockets_work_through_nginx(
    visitor: Page, cluster: Cluster, missing: list[str], tmp_path: Path
) -> None:
    open_page(visitor, cluster.url)
    expect(verdict(visitor)).to_contain_text("All five read 7", timeout=PATIENT)
    expect(readings(visitor, "browser")).to_have_text(["7", "7"])
    mine = home(cluster)
    for _ in range(4):
        visitor.reload()
        expect(verdict(visitor)).to_contain_text("All five read 7", timeout=PATIENT)
        assert home(cluster) == mine
    expect(visitor.get_by_text(BACK)).to_have_count(0)
    visitor.get_by_role("link", name="Upload").click()
    upload_and_run(visitor, tmp_path)
    assert missing == []


def test_nobody_outside_reads_the_servers_counters(cluster: Cluster) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{cluster.url}/_stcore/metrics", timeout=10)


def test_a_visitor_outlives_the_replica_that_served_them(
    visitor: Page, mortal_cluster: Cluster, tmp_path: Path
) -> None:
    cluster = mortal_cluster
    open_page(visitor, cluster.url)
    clear(visitor)
    draw(visitor, DIGITS[2])
    expect(verdict(visitor)).to_contain_text("All five read 2", timeout=PATIENT)
    expect(visitor).to_have_url(re.compile("digit="))
    link = visitor.url
    mine = home(cluster)
    cluster.lives[mine].close()

    # Without a click the page says so, reconnects, and still has the digit.
    expect(visitor.get_by_text(BACK)).to_be_visible()
    assert home(cluster) != mine
    expect(verdict(visitor)).to_contain_text("All five read 2", timeout=PATIENT)
    expect(visitor).to_have_url(link)
    clear(visitor)
    draw(visitor, DIGITS[1])
    expect(verdict(visitor)).to_contain_text("All five read 1", timeout=PATIENT)
    visitor.get_by_role("link", name="Upload").click()
    upload_and_run(visitor, tmp_path)

    visitor.goto(link)
    expect(verdict(visitor)).to_contain_text("All five read 2", timeout=PATIENT)
