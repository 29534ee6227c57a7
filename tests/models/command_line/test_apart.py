"""A command that tries a foreign model does so in a process that may die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from models.command_line import apart
from models.command_line.verb import verb
from models.errors import ModelError
from models.runtimes.process import os_calls, trials

LOG = "import logging; logging.getLogger('models.x').info('graph @ tensorflow: loading')\n"
STEPS = "from models.command_line import apart; apart.keep_steps()\n" + LOG


@pytest.fixture
def line(monkeypatch):
    """Set what Python was started with."""
    before = signal.getsignal(signal.SIGTERM)
    yield lambda code: monkeypatch.setattr(sys, "orig_argv", ["python", "-c", code])
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize("code", [0, 1, 2, 70])
def test_its_exit_code_is_that_of_the_command(code, line):
    line(f"raise SystemExit({code})")
    assert apart.run() == code


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_a_process_that_dies_is_a_sentence_with_the_signal_and_the_last_step(line):
    line(STEPS + "import os, signal; os.kill(os.getpid(), signal.SIGILL)")
    with pytest.raises(
        ModelError, match=r"SIGILL, Illegal instruction\).*graph @ tensorflow: load"
    ):
        apart.run()
    line("import os, signal; os.kill(os.getpid(), signal.SIGABRT)")
    with pytest.raises(ModelError, match=r"SIGABRT.*loading the model"):
        apart.run()


TRIALS = """
import os, signal, sys, threading
from models.errors import ModelError
from models.runtimes.process.trials import trial
def tried(name, end, **how):
    try:
        with trial(name, **how):
            end()
    except ModelError as error:
        print(f"{name}: {error}", flush=True)
"""
DIE = "lambda: os.kill(os.getpid(), signal.SIGILL)"
HANG = "threading.Event().wait"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_what_ended_the_process_is_refused_when_the_command_is_run_again(line, capfd):
    line(TRIALS + f"tried('a', {DIE})\ntried('b', lambda: 0)\ntried('c', {DIE})\nsys.exit(7)")
    assert apart.run() == 7
    ended = "It ended its process (SIGILL, Illegal instruction)"
    said = capfd.readouterr().out.splitlines()
    assert [each.partition(" on this")[0].partition(":")[0] for each in said] == ["a", "a", "c"]
    assert all(ended in each for each in said)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_a_process_that_dies_whatever_is_left_out_is_not_started_for_ever(line):
    line(TRIALS + f"tried('a', {DIE})\n{DIE.removeprefix('lambda: ')}")
    with pytest.raises(ModelError, match="SIGILL"):
        apart.run()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_a_process_that_somebody_ends_is_not_started_again(line):
    line(TRIALS + "tried('a', lambda: os.kill(os.getpid(), signal.SIGTERM))")
    with pytest.raises(ModelError, match="SIGTERM"):
        apart.run()


def test_a_trial_that_gets_nowhere_is_ended_and_refused(line, capfd, monkeypatch):
    monkeypatch.setattr(apart, "LONGEST_STEP", 0.0)
    monkeypatch.setattr(apart, "_POLL", 0.01)
    line(TRIALS + f"tried('a', {HANG})\nsys.exit(7)")
    assert apart.run() == 7
    assert capfd.readouterr().out == "a: It gave no answer within 0 s, and was ended.\n"


def test_a_patient_trial_may_take_its_time(line, capfd, monkeypatch, tmp_path):
    seen, looked, ours = tmp_path / "seen", [], apart._text

    def counted(path):
        looked.append(ours(path))
        if sum(text.startswith(trials.PATIENT) for text in looked) > 5:
            seen.touch()
        return looked[-1]

    monkeypatch.setattr(apart, "_text", counted)
    monkeypatch.setattr(apart, "LONGEST_STEP", 0.0)
    monkeypatch.setattr(apart, "_POLL", 0.01)
    until_seen = f"while not os.path.exists({str(seen)!r}): pass"
    line(TRIALS + f"with trial('a', patient=True):\n    {until_seen}\nsys.exit(7)")
    assert apart.run() == 7


def test_steps_are_kept_and_not_printed_but_a_warning_is(tmp_path):
    said = "import logging; logging.basicConfig(level=0); log = logging.getLogger('models.x')\n"
    code = said + STEPS + "log.warning('beware')"
    there = tmp_path / "steps"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"DIGIT_PARITY_STEPS": str(there)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.read_text("utf-8") == "graph @ tensorflow: loading"
    assert done.stderr == "WARNING:models.x:beware\n"


def test_a_command_runs_apart_once_and_only_when_it_is_the_processes_own(tmp_path):
    script = tmp_path / "planted.py"
    script.write_text(
        "import os, sys\n"
        "from models.command_line import ending\n"
        "from models.command_line.verb import verb\n"
        "@verb(apart=True)\n"
        "def command() -> int:\n"
        "    print(os.getpid(), 'DIGIT_PARITY_STEPS' in os.environ)\n"
        "    return 1\n"
        "print(os.getpid())\n"
        "sys.exit(ending.run(lambda: command, 'planted'))\n"
    )
    code = f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    ours, theirs, there = sorted(done.stdout.splitlines(), key=lambda text: "True" in text)
    assert there == f"{theirs if ours not in there else ours} True"


def test_a_command_that_a_test_calls_runs_here(capsys):
    @verb(apart=True)
    def command() -> int:
        return 3

    from models.command_line import ending

    assert ending.run(lambda: command, "planted", []) == 3


@pytest.mark.parametrize(
    "code, words",
    [(3, "exit code 3"), (0xC000001D, "exit code 0xc000001d"), (-99, "exit code -99")],
)
def test_an_ending_without_a_signal_is_said_as_a_number(code, words):
    assert os_calls.how_it_ended(code) == words
    assert os_calls.died(code) == (code != 3)
