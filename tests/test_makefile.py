"""`make` takes an interpreter that fits, says in a sentence what is wrong, and works the next time.

The interpreters here are small scripts, named and versioned as a test wants them.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.waiting import until

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / "requirements" / "environment.py"
TOOLS = ("sh", "make", "touch", "find", "rm")
# It answers questions about its version, makes an environment of itself, and is pip in it: what
# pip does is the script fake_pip.py, if there is one.
INTERPRETER = f"""#!{sys.executable} -S
import os, shutil, sys
VERSION, LACKS = "%s", "%s"
MINOR = VERSION.rpartition(".")[0]
asked = sys.argv[1:]
if asked[0] == "-c":
    if "version_info <" in asked[1]:
        sys.exit(tuple(map(int, VERSION.split("."))) < (3, 6))
    print(VERSION)
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    packages = os.path.join(home, "lib", "python" + MINOR, "site-packages")
    sys.exit("import pip" in asked[1] and not os.path.isdir(packages) or LACKS in asked[1])
elif asked[0].endswith("environment.py"):
    os.execv({sys.executable!r}, [{sys.executable!r}, *asked])
elif asked[1] == "venv":
    os.makedirs(asked[2] + "/bin")
    os.makedirs(asked[2] + "/lib/python" + MINOR + "/site-packages")
    shutil.copy(__file__, asked[2] + "/bin/python" + MINOR)
    os.symlink("python" + MINOR, asked[2] + "/bin/python")
elif asked[1] == "pip":
    open("pip.log", "a").write(MINOR + " " + " ".join(asked[4:]) + "\\n")
    if os.path.exists("fake_pip.py"):
        exec(open("fake_pip.py").read())
"""
NOTHING = "nothing that is asked for"


class Checkout:
    """A folder with the Makefile, and what is on the path there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "path"
        self.venv = folder / ".venv"
        self.started: list[subprocess.Popen[str]] = []
        for name in ("requirements", "app", "path"):
            (folder / name).mkdir()
        for name in ("Makefile", "requirements/environment.py"):
            shutil.copy(ROOT / name, folder / name)
        (folder / "pyproject.toml").write_text('requires-python = ">=3.11,<3.14"\n')
        for name in ("requirements.in", "requirements.txt"):
            (folder / name).write_text("")
        for tool in TOOLS:
            (self.path / tool).symlink_to(shutil.which(tool) or tool)

    def python(self, name: str, version: str, lacks: str = NOTHING) -> Path:
        """Put an interpreter on the path."""
        file = self.path / name
        file.write_text(INTERPRETER % (version, lacks))
        file.chmod(0o755)
        return file

    def pip(self, script: str) -> None:
        """What pip does from now on."""
        (self.folder / "fake_pip.py").write_text(script)

    def pip_says(self, text: str) -> None:
        self.pip(f"sys.stderr.write({text!r}); sys.exit(1)")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        making = subprocess.Popen(
            ["make", "--no-print-directory", *(arguments or [".venv/installed"])],
            cwd=self.folder,
            env={"PATH": str(self.path), "LC_ALL": "C"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.started.append(making)
        return making

    def make(self, *arguments: str) -> str:
        """Make `.venv/installed`; returns what is printed when that works."""
        making = self.start(*arguments)
        out, err = making.communicate(timeout=60)
        assert making.returncode == 0, out + err
        return out

    def fail(self, *arguments: str) -> str:
        """Returns the one sentence that is said when it fails, without make's own last line."""
        making = self.start(*arguments)
        _, err = making.communicate(timeout=60)
        assert making.returncode != 0
        sentence, last = err.splitlines()
        assert last.startswith("make: ***")
        return sentence

    def installed(self) -> list[str]:
        """What pip was asked for, with the version of its Python."""
        log = self.folder / "pip.log"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return [re.sub(r" --(disable-pip-version-check|quiet)\b", "", line) for line in lines]


def both(version: str) -> list[str]:
    return [f"{version} --upgrade pip", f"{version} -r requirements.txt"]


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    checkout = Checkout(tmp_path)
    yield checkout
    for making in checkout.started:  # what a failed test has left
        with suppress(ProcessLookupError):
            os.killpg(making.pid, signal.SIGKILL)
        making.communicate()


def test_the_newest_interpreter_that_fits_is_taken(checkout: Checkout) -> None:
    checkout.python("python3", "3.14.1")
    checkout.python("python3.12", "3.12.1")
    checkout.python("python3.11", "3.11.7")
    assert ".venv is made with python3.12" in checkout.make()
    assert checkout.installed() == both("3.12")


def test_python3_is_taken_where_there_is_no_other_name(checkout: Checkout) -> None:
    checkout.python("python3", "3.11.2")
    assert ".venv is made with python3," in checkout.make()


def test_the_interpreter_that_is_named_is_taken(checkout: Checkout) -> None:
    checkout.python("python3.13", "3.13.0")
    checkout.python("my-python", "3.11.7")
    checkout.make(".venv/installed", "PYTHON=my-python")
    assert checkout.installed() == both("3.11")


@pytest.mark.parametrize("version", ["3.6.15", "3.10.13", "3.14.0"])
def test_an_interpreter_too_old_or_too_new_is_said_before_anything_is_made(
    checkout: Checkout, version: str
) -> None:
    checkout.python("python3", version)
    sentence = checkout.fail()
    assert f"runs on Python 3.11, 3.12 or 3.13, and here python3 is {version}: install" in sentence
    assert "make run PYTHON=" in sentence
    assert not checkout.venv.exists()


def test_a_named_interpreter_that_is_none_or_does_not_fit_is_said(checkout: Checkout) -> None:
    checkout.python("python3.12", "3.12.1")
    checkout.python("old", "3.9.2")
    assert "and here old is 3.9.2:" in checkout.fail(".venv/installed", "PYTHON=old")
    assert "and here none does not start:" in checkout.fail(".venv/installed", "PYTHON=none")


def test_another_interpreter_that_is_named_makes_the_environment_again(checkout: Checkout) -> None:
    checkout.python("python3.12", "3.12.1")
    checkout.python("python3.13", "3.13.0")
    checkout.make(".venv/installed", "PYTHON=python3.12")
    out = checkout.make(".venv/installed", "PYTHON=python3.13")
    assert ".venv is made with python3.13, because it has Python 3.12.1." in out
    assert "pip install" not in checkout.make(".venv/installed", "PYTHON=python3.13")
    assert "pip install" not in checkout.make(".venv/installed")
    assert "does not start" in checkout.fail(".venv/installed", "PYTHON=/nonexistent/python3")


def test_without_any_python_the_sentence_says_so(checkout: Checkout) -> None:
    assert checkout.fail().startswith("No Python 3 starts here: install one")


@pytest.mark.parametrize("lacks", ["ensurepip", "venv"])
def test_debians_package_is_named_where_venv_is_missing(checkout: Checkout, lacks: str) -> None:
    checkout.python("python3", "3.12.3", lacks)
    assert "`sudo apt install python3.12-venv`" in checkout.fail()
    assert not checkout.venv.exists()
    checkout.python("python3.11", "3.11.2")
    checkout.make()
    assert checkout.installed() == both("3.11")


def test_a_second_start_installs_nothing_and_changed_requirements_do(checkout: Checkout) -> None:
    checkout.python("python3.12", "3.12.1")
    checkout.make()
    checkout.installed()
    assert "up to date" in checkout.make()
    assert checkout.installed() == []
    changed = checkout.venv / "installed"
    os.utime(changed, (1, 1))
    assert "is made with" not in checkout.make()
    assert checkout.installed() == both("3.12")


def gone(checkout: Checkout) -> None:
    (checkout.venv / "bin" / "python3.12").unlink()


def changed(checkout: Checkout) -> None:
    link = checkout.venv / "bin" / "python"
    link.unlink()
    link.symlink_to(checkout.python("python3.13", "3.13.0"))


def marked(checkout: Checkout) -> None:
    (checkout.venv / "unfinished").touch()


def no_longer_supported(checkout: Checkout) -> None:
    checkout.python("python3.13", "3.13.0")
    (checkout.folder / "pyproject.toml").write_text('requires-python = ">=3.13,<3.14"\n')
    os.utime(checkout.venv / "installed", (1, 1))


def half_made(checkout: Checkout) -> None:
    shutil.rmtree(checkout.venv / "lib")
    (checkout.venv / "installed").unlink()


@pytest.mark.parametrize("damage", [gone, changed, marked, no_longer_supported, half_made])
def test_an_environment_that_does_not_work_is_made_again(checkout: Checkout, damage) -> None:
    checkout.python("python3.12", "3.12.1")
    checkout.make()
    (checkout.venv / "half a package").mkdir()
    damage(checkout)
    checkout.installed()
    assert ".venv is made with" in checkout.make()
    assert len(checkout.installed()) == 2
    assert not (checkout.venv / "half a package").exists()
    assert "up to date" in checkout.make()


def test_an_environment_made_by_hand_is_kept(checkout: Checkout) -> None:
    checkout.python("python3.12", "3.12.1")
    checkout.make()
    (checkout.venv / "installed").unlink()
    (checkout.venv / "mine").touch()
    assert "is made with" not in checkout.make()
    assert (checkout.venv / "mine").exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_an_installation_that_was_cut_off_is_begun_again(
    checkout: Checkout, number: signal.Signals
) -> None:
    checkout.python("python3.12", "3.12.1")
    checkout.pip("import signal; open('.venv/half', 'w'); signal.pause()")
    making = checkout.start()
    half = checkout.venv / "half"
    until(half.exists, lambda: "pip has not started")
    os.killpg(making.pid, number)
    _, err = making.communicate(timeout=60)
    assert making.returncode != 0 and "Traceback" not in err
    checkout.pip("")
    assert "because its installation was cut off" in checkout.make()
    assert not half.exists()
    assert "up to date" in checkout.make()


def test_a_full_disk_is_a_sentence_and_the_next_try_works(checkout: Checkout) -> None:
    checkout.python("python3.12", "3.12.1")
    checkout.pip_says("ERROR: ... an OSError: [Errno 28] No space left on device\n")
    sentence = checkout.fail()
    assert re.match(rf"No space is left on the disk: {checkout.venv} needs \d.* GB", sentence)
    assert "TMPDIR" in sentence and "try again" in sentence
    checkout.pip("")
    assert "because its installation was cut off" in checkout.make()


def test_an_index_out_of_reach_is_a_sentence_and_keeps_the_environment(checkout: Checkout) -> None:
    checkout.python("python3.12", "3.12.1")
    checkout.pip_says(
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(x)'\n"
        "ERROR: Could not find a version that satisfies the requirement click\n"
    )
    assert checkout.fail().startswith("pip cannot reach its package index: connect")
    checkout.pip("")
    assert "is made with" not in checkout.make()


def test_what_else_pip_says_is_passed_on(checkout: Checkout) -> None:
    checkout.python("python3.12", "3.12.1")
    checkout.pip_says("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES\n")
    making = checkout.start()
    _, err = making.communicate(timeout=60)
    assert "DO NOT MATCH THE HASHES\n" in err and "failed, exit code 1" in err


def test_two_at_once_wait_for_each_other(checkout: Checkout) -> None:
    checkout.python("python3.12", "3.12.1")
    os.mkfifo(checkout.folder / "go")
    checkout.pip(
        "begun = os.path.exists('begun'); open('begun', 'w')\nif not begun: open('go').read()"
    )
    first = checkout.start()
    until((checkout.folder / "begun").exists, lambda: "pip has not started")
    second = checkout.start()
    assert second.stderr is not None
    assert second.stderr.readline() == "Another make is installing; this one waits for it.\n"
    checkout.pip("")
    (checkout.folder / "go").write_text("")
    assert [each.wait(60) for each in (first, second)] == [0, 0]
    for each in (first, second):
        each.communicate()
    assert "up to date" in checkout.make()


def test_only_make_run_goes_on_without_npm(checkout: Checkout) -> None:
    checkout.python("python3.12", "3.12.1")
    assert "-m models.tfjs --or-without\n" in checkout.make("-n", "run")
    assert "-m models.tfjs\n" in re.sub(r" +\n", "\n", checkout.make("-n", "install"))


def test_what_says_that_python_is_too_old_runs_on_it() -> None:
    text = ENVIRONMENT.read_text("utf-8")
    assert ast.parse(text, feature_version=(3, 6))
    assert "from __future__ import annotations" not in text, "3.6 does not know it"


def test_make_tries_every_version_that_is_supported() -> None:
    names = re.search(r"for any in (.*); do", (ROOT / "Makefile").read_text())
    wanted = re.search(
        r'requires-python = ">=3\.(\d+),<3\.(\d+)"', (ROOT / "pyproject.toml").read_text()
    )
    assert names and wanted
    versions = {f"python3.{minor}" for minor in range(int(wanted[1]), int(wanted[2]))}
    assert versions <= set(names[1].split())
