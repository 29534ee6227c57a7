"""A browser does not outlive the process that started it, however that ended."""

import os
import signal
import subprocess
import sys

import pytest

from models.runtimes.browser import ends_with_me
from tests.support.waiting import until

STARTS = """
import subprocess, sys
inner = "import os, sys, time; print(os.getpid(), file=sys.stderr, flush=True); time.sleep(600)"
command = [sys.executable, "-I", "-S", sys.argv[1], sys.executable, "-c", inner]
subprocess.Popen(command, stdin=subprocess.PIPE).wait()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_it_ends_when_its_starter_is_killed():
    command = [sys.executable, "-c", STARTS, ends_with_me.__file__]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as starter:
        pid = int(starter.stderr.readline())
        starter.kill()
        until(lambda: not _runs(pid), lambda: f"{pid} still runs")


def _runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("code", [0, 7])
def test_its_exit_code_is_the_commands(code):
    command = [sys.executable, "-c", f"import sys; sys.exit({code})"]
    with subprocess.Popen(
        [sys.executable, "-I", "-S", ends_with_me.__file__, *command], stdin=subprocess.PIPE
    ) as run:
        assert run.wait() == code


def test_a_command_that_is_not_there_is_said(tmp_path):
    command = [sys.executable, "-I", "-S", ends_with_me.__file__, str(tmp_path / "nothing")]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 1
    assert "it cannot be started" in done.stderr


# As ``child.running`` starts it, by a process that ends it as its block does.
RUNS = """
import sys, time
from pathlib import Path
from models.runtimes.browser import child
from models.runtimes.browser.program import Program
inner = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"
child.launch.command = lambda *_: [sys.executable, "-c", inner, sys.argv[1]]
with child.running(Program("chromium", Path("/none")), "address"):
    time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_it_ends_when_a_whole_terminal_is_told_to(name, tmp_path):
    said = tmp_path / "pid"
    with subprocess.Popen(
        [sys.executable, "-c", RUNS, str(said)], start_new_session=True, stderr=subprocess.DEVNULL
    ) as run:
        until(lambda: said.exists() and said.read_text(), lambda: "it did not start")
        os.killpg(run.pid, getattr(signal, name))
        pid = int(said.read_text())
        until(lambda: not _runs(pid), lambda: f"{pid} still runs")
