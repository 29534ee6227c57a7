"""What only some systems have is used where it is, and not missed where it is not."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.formats.store import EXAMPLES, SHIPPED
from models.runtimes.process import cpu_threads, os_calls
from tests.support import bare_system


def run(script: str, folder: Path, *, bare: bool) -> subprocess.CompletedProcess[str]:
    """A script in a process of its own, on a system that has every call or a bare one."""
    path = bare_system.path(folder) if bare else str(bare_system.ROOT)
    return subprocess.run(
        [sys.executable, "-c", f"from models.runtimes.process import os_calls\n{script}"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        encoding="utf-8",
    )


def test_a_bare_system_lacks_the_calls(tmp_path):
    script = f"import os; print(any(hasattr(os, name) for name in {bare_system.TAKEN}))"
    assert run(script, tmp_path, bare=True).stdout == "False\n"


@pytest.mark.parametrize(("bare", "raised"), [(False, 3), (True, 0)])
def test_the_priority_is_lowered_where_there_is_one(tmp_path, bare, raised):
    script = "nice = lambda: os.getpriority(os.PRIO_PROCESS, 0)\nbefore = nice()\n"
    script = f"import os\n{script}os_calls.lower_priority(3)\nprint(nice() - before)"
    assert run(script, tmp_path, bare=bare).stdout == f"{raised}\n"


CHAT = "import os\nprint('print', flush=True)\nos.write(1, b'library\\n')\n"


@pytest.mark.parametrize("bare", [False, True])
def test_only_answers_go_to_an_output_that_is_claimed(tmp_path, bare):
    """On a bare system, libraries in C still reach it."""
    answer = "output.write(b'answer\\n')\noutput.flush()\n"
    done = run(f"output = os_calls.claim_output()\n{answer}{CHAT}", tmp_path, bare=bare)
    assert done.stdout == ("answer\nlibrary\n" if bare else "answer\n")
    assert done.stderr == ("print\n" if bare else "print\nlibrary\n")


@pytest.mark.parametrize("bare", [False, True])
def test_errors_that_are_kept_to_python_are_still_shown(tmp_path, bare):
    script = "os_calls.keep_errors_to_python()\nimport os\nos.write(2, b'library\\n')\n1 / 0"
    done = run(script, tmp_path, bare=bare)
    assert "ZeroDivisionError" in done.stderr and ("library" in done.stderr) == bare


def test_without_standard_error_there_is_nothing_to_keep(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    os_calls.keep_errors_to_python()
    assert sys.stderr is None


@pytest.mark.parametrize("bare", [False, True])
def test_output_that_is_discarded_is_seen_nowhere(tmp_path, bare):
    done = run(f"os_calls.discard_output()\n{CHAT}", tmp_path, bare=bare)
    assert "print" not in done.stdout + done.stderr and done.returncode == 0


def test_processors_are_counted_where_a_process_may_use_all(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 5)
    assert cpu_threads.count() == 5


INVALID = OSError(errno.EINVAL, "Invalid argument")


@pytest.mark.parametrize(
    ("platform", "error", "left"),
    [
        ("linux", BrokenPipeError(), True),
        ("win32", BrokenPipeError(), True),
        ("win32", INVALID, True),
        ("linux", INVALID, False),
        ("win32", OSError(errno.EINVAL, "Invalid argument", "a file"), False),
        ("win32", OSError(errno.ENOSPC, "No space left on device"), False),
        ("win32", ValueError(), False),
    ],
)
def test_a_reader_who_left_is_told_from_other_errors(monkeypatch, platform, error, left):
    monkeypatch.setattr(sys, "platform", platform)
    assert os_calls.reader_left(error) == left


def test_nothing_is_written_to_a_reader_who_left(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    written = []
    with os_calls.while_somebody_reads():
        written.append("a")
        raise INVALID
    assert written == ["a"]
    with pytest.raises(OSError, match="No space"), os_calls.while_somebody_reads():
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_server_may_open_as_many_files_as_it_wants_up_to_its_limit(monkeypatch):
    resource = pytest.importorskip("resource")
    set_ = []
    monkeypatch.setattr(resource, "setrlimit", lambda _kind, limits: set_.append(limits))
    monkeypatch.setattr(resource, "getrlimit", lambda _kind: (256, 1_000))
    assert os_calls.allow_open_files(4_096) == 1_000
    assert os_calls.allow_open_files(500) == 500
    assert os_calls.allow_open_files(100) == 256
    assert set_ == [(1_000, 1_000), (500, 1_000)]


def test_a_system_without_a_limit_opens_as_many_files_as_are_wanted(monkeypatch):
    monkeypatch.setitem(sys.modules, "resource", None)
    assert os_calls.allow_open_files(4_096) == 4_096


def test_a_model_is_verified_on_a_bare_system(tmp_path):
    command = [sys.executable, "-m", "models", "verify", str(SHIPPED), "--data", str(EXAMPLES)]
    done = subprocess.run(
        [*command, "--runtime", "tensorflow"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": bare_system.path(tmp_path)},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert "PASSED" in done.stdout
