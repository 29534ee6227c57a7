"""A server whose machine fails it: it answers or says why, and leaves no process behind."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Page, expect

from tests.support import hardship
from tests.support.drawing import DIGITS, PATIENT, clear, draw, open_page, verdict
from tests.support.servers import ROOT, serving
from tests.support.waiting import until

STREAMLIT = (sys.executable, "-m", "streamlit", "run")
SECONDS = PATIENT / 1e3
needs_name_spaces = pytest.mark.skipif(not hardship.possible(), reason=hardship.REASON)


def asked(server: str, path: str) -> tuple[int, str]:
    """The status and the text of a response."""
    try:
        with urllib.request.urlopen(f"{server}{path}", timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def is_ready(server: str) -> bool:
    return asked(server, "/served/ready") == (200, "ready")


def wait_until_ready(server: str) -> None:
    until(lambda: is_ready(server), lambda: asked(server, "/served/ready")[1], SECONDS)


def page_process(server: str) -> psutil.Process:
    port = f"--server.port={urlsplit(server).port}"
    running = psutil.process_iter(["cmdline"])
    return next(each for each in running if port in (each.info["cmdline"] or ()))


def tensorflow(server: str) -> psutil.Process:
    """Its newest child that runs TensorFlow and lives."""
    workers = [
        each
        for each in page_process(server).children()
        if each.status() != psutil.STATUS_ZOMBIE and "models.runtimes.worker" in each.cmdline()
    ]
    return max(workers, key=psutil.Process.create_time)


def copied(to: Path) -> Path:
    """What a server needs, without what is made at its first start."""
    for name in ("app", "models", ".streamlit"):
        ignored = shutil.ignore_patterns("node_modules", "__pycache__", "added")
        shutil.copytree(ROOT / name, to / name, ignore=ignored)
    shutil.copy(ROOT / "streamlit_app.py", to)
    (to / "build").mkdir()
    return to


WRITES = "open(os.path.join(os.environ['TMPDIR'], 'x'), 'wb').write(bytes(100_000))"
IS_MISSING = {
    "a full disk": (WRITES, "No space left on device"),
    "read-only folders": (WRITES, "Read-only file system"),
    "no /dev/shm": ("os.listdir('/dev/shm')", "No such file or directory"),
    "HOME unset": ("os.environ['HOME']", "KeyError"),
}


@needs_name_spaces
@pytest.mark.parametrize("kind", hardship.HARDSHIPS)
def test_such_a_machine_lacks_what_it_is_said_to(kind: str, tmp_path: Path) -> None:
    tries, said = IS_MISSING[kind]
    places = {"TMPDIR": str(tmp_path / "a"), "HOME": str(tmp_path / "b")}
    for each in (*places.values(), tmp_path / "build"):
        Path(each).mkdir()
    done = subprocess.run(
        hardship.command([kind], [sys.executable, "-c", f"import os; {tries}"]),
        cwd=tmp_path,
        env=os.environ | places,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and said in done.stderr


@needs_name_spaces
@pytest.mark.parametrize(
    "kinds", [("no /dev/shm", "a full disk", "HOME unset"), ("read-only folders",)], ids=", ".join
)
def test_a_server_in_hardship_reads_digits(
    kinds: tuple[str, ...], page: Page, tmp_path: Path
) -> None:
    places = {name: str(tmp_path / name) for name in ("TMPDIR", "HOME")}
    for place in places.values():
        Path(place).mkdir()
    log, program = tmp_path / "log.txt", hardship.command(kinds, STREAMLIT)
    folder = copied(tmp_path / "copy")
    with serving(log=log, command=program, cwd=folder, **places) as server:
        open_page(page, server)
        expect(verdict(page)).to_contain_text("All five read 7", timeout=PATIENT)
        clear(page)
        draw(page, DIGITS[4])
        expect(verdict(page)).to_contain_text("All five read 4")
        wait_until_ready(server)
        started = page_process(server).children(recursive=True)
        page.goto("about:blank")
    assert not psutil.wait_procs(started, timeout=SECONDS)[1], "left behind"
    assert "Traceback" not in log.read_text("utf-8", "replace")


def test_two_servers_start_in_one_new_folder(tmp_path: Path) -> None:
    folder, logs = copied(tmp_path / "copy"), [tmp_path / f"{name}.txt" for name in "ab"]
    with ExitStack() as both:
        servers = [both.enter_context(serving(log=log, cwd=folder)) for log in logs]
        for server in servers:
            wait_until_ready(server)
            assert asked(server, "/")[0] == 200
    for log in logs:
        assert "Traceback" not in log.read_text("utf-8", "replace")


def test_a_tensorflow_that_hangs_is_said_to_be_restarted_and_the_page_goes_on(
    page: Page, tmp_path: Path
) -> None:
    log = tmp_path / "log.txt"
    with serving(log=log) as server:
        open_page(page, server)
        expect(verdict(page)).to_contain_text("All five read 7", timeout=PATIENT)
        clear(page)
        hung = tensorflow(server)
        hung.send_signal(signal.SIGSTOP)
        draw(page, DIGITS[4])
        said = page.get_by_text("TensorFlow did not answer for").first
        expect(said).to_be_visible()
        expect(said).to_contain_text("It is being restarted")
        assert asked(server, "/_stcore/health")[0] == 200, "the server itself lives"
        assert asked(server, "/served/ready")[0] == 503
        expect(verdict(page)).to_contain_text("All five read 4", timeout=PATIENT)
        expect(said).to_have_count(0)
        wait_until_ready(server)
        until(lambda: not psutil.pid_exists(hung.pid), lambda: "it was left behind")
    assert log.read_text().count("TensorFlow did not answer") == 1
    assert "Traceback" not in log.read_text()


def test_a_tensorflow_that_is_killed_while_a_set_runs_loses_none_of_it(
    page: Page, tmp_path: Path
) -> None:
    log = tmp_path / "log.txt"
    with serving(log=log) as server:
        wait_until_ready(server)
        page.goto(f"{server}/upload")
        page.locator(".st-key-upload-ready").get_by_role("button").click(timeout=PATIENT)
        tensorflow(server).kill()
        expect(page.get_by_text("predictions took")).to_be_visible(timeout=PATIENT)
        expect(page.locator("[data-testid=stMain]")).not_to_contain_text("ended (SIGKILL")
    assert "Traceback" not in log.read_text()


def test_the_page_process_killed_takes_tensorflow_with_it(tmp_path: Path) -> None:
    with serving(log=tmp_path / "log.txt") as server:
        wait_until_ready(server)
        worker = tensorflow(server)
        page_process(server).kill()
        assert not psutil.wait_procs([worker], timeout=SECONDS)[1]


def test_a_model_that_breaks_on_disk_is_said_without_a_path(page: Page, tmp_path: Path) -> None:
    models = tmp_path / "models of ours"
    for name in ("mnist", "other"):
        shutil.copytree(ROOT / "models" / "mnist", models / name)
    log = tmp_path / "log.txt"
    with serving(log=log, DIGIT_PARITY_MODELS=str(models)) as server:
        wait_until_ready(server)
        for form in ("graph", "layers"):
            os.truncate(models / "other" / f"model_{form}" / "group1-shard1of1.bin", 1000)
        os.truncate(models / "other" / "mnist_model.h5", 1000)
        main = page.locator("[data-testid=stMain]")
        page.goto(f"{server}/?model=other")
        for name in ("Draw", "Upload", "Inspect"):
            page.get_by_role("link", name=name, exact=True).click()
            if name == "Upload":
                page.locator(".st-key-upload-ready").get_by_role("button").click()
            broken = re.compile(r"mnist_model\.h5|model_graph/model\.json")
            expect(main.get_by_text(broken).first).to_be_visible(timeout=PATIENT)
            said = main.inner_text()
            assert str(tmp_path) not in said and "models of ours" not in said
        # What breaks in the midst of a page's run is logged by Streamlit, with its trace.
        assert "Traceback" not in log.read_text()
        (models / "mnist" / "manifest.json").write_text("{")
        until(lambda: not is_ready(server), lambda: "it is still ready", SECONDS)
        assert "manifest.json cannot be read" in asked(server, "/served/ready")[1]
        assert asked(server, "/_stcore/health")[0] == 200
    assert str(models) in log.read_text(), "the operator is told"
