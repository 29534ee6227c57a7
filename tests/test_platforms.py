"""The code runs on Linux, macOS and Windows.

Calls that one of them lacks, or takes otherwise, are in the modules that say what happens there.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import mypy
import pytest

from models import __main__ as digit_parity
from tests.support import imports

ROOT = Path(__file__).resolve().parents[1]
TYPESHED = Path(mypy.__file__).parent / "typeshed" / "stdlib"
PLATFORMS = ("linux", "darwin", "win32")
RUNS_ANYWHERE = ("app", "models", "streamlit_app")
OPENS_ANYWHERE = (*RUNS_ANYWHERE, "benchmarks", "tests.support")

# Which module may use what.
MEANT = {
    "models.runtimes.process.os_calls": {"/proc/", "os.dup2", "os.geteuid", "os.nice", "resource"},
    "models.runtimes.browser.ends_with_me": {"os.killpg", "signal.SIGKILL", "signal.signal"},
    "models.runtimes.browser.program": {"/usr/lib"},  # where Debian keeps WebKit's
    "models.runtimes.process.cpu_threads": {"os.sched_getaffinity"},
    "models.command_line.serve": {"os.execv"},
    "models.dataset.readers.libraries": {"/proc/self/statm", "resource"},
    "models.dataset.reading.os_limits": {
        *("os.nice", "resource", "signal.signal"),
        *("signal.ITIMER_PROF", "signal.SIGPROF", "signal.setitimer"),
        *("signal.SIG_BLOCK", "signal.SIG_UNBLOCK", "signal.pthread_sigmask"),
    },
    "models.command_line.apart": {"signal.signal"},  # on Windows nobody sends SIGTERM
}
# Modules that Windows has not.
MISSING = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
# What every system has, with another meaning or outcome.
OTHERWISE = {
    *("os.dup2", "os.kill", "os.link", "os.rename", "os.symlink", "signal.signal"),
    *(f"os.exec{kind}" for kind in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")),
}
NOT_EVERYWHERE = ("/bin/", "/dev/", "/etc/", "/proc", "/sys/", "/tmp", "/usr/", "/var/")


def defined(body: list[ast.stmt], platform: str) -> Iterator[str]:
    """The names that a stub of typeshed defines on a platform."""
    sys_there = SimpleNamespace(platform=platform, version_info=sys.version_info)
    for node in body:
        if isinstance(node, ast.If):
            there = eval(ast.unparse(node.test), {"sys": sys_there})
            yield from defined(node.body if there else node.orelse, platform)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (each.id for each in targets if isinstance(each, ast.Name))


def partial(module: str, stub: str) -> set[str]:
    """What some platforms have of a module, and others have not."""
    body = ast.parse((TYPESHED / stub).read_text("utf-8")).body
    names = [set(defined(body, platform)) for platform in PLATFORMS]
    return {f"{module}.{name}" for name in set.union(*names) - set.intersection(*names)}


PARTIAL = partial("os", "os/__init__.pyi") | partial("signal", "signal.pyi")


def used(tree: ast.AST) -> Iterator[str]:
    """What a module imports, the names that it takes of modules, and paths of some systems."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (node.module or "", *(f"{node.module}.{each.name}" for each in node.names))
        elif isinstance(node, ast.Attribute):
            yield ast.unparse(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value if node.value.startswith(NOT_EVERYWHERE) else ""


def not_everywhere(tree: ast.AST) -> set[str]:
    names = set(used(tree))
    paths = {name for name in names if name.startswith(NOT_EVERYWHERE)}
    return names & (PARTIAL | MISSING | OTHERWISE) | paths


def unencoded(tree: ast.AST) -> list[int]:
    """The lines that read or write text without its encoding: that of Windows is not UTF-8."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [call.lineno for call in calls if is_text(call) and not has_encoding(call)]


def is_text(call: ast.Call) -> bool:
    name = ast.unparse(call.func).rpartition(".")[2]
    given = {each.arg: ast.unparse(each.value) for each in call.keywords}
    if name in ("open", "fdopen"):
        first_is_mode = isinstance(call.func, ast.Attribute) and name == "open"
        modes = call.args[0 if first_is_mode else 1 :][:1]
        mode = given.get("mode", ast.unparse(modes[0]) if modes else "'r'")
        # Without a mode in words it opens something else: a picture, an archive's member.
        return mode[0] in "'\"" and "b" not in mode
    return name in ("read_text", "write_text") or "True" in (
        given.get("text"),
        given.get("universal_newlines"),
    )


def has_encoding(call: ast.Call) -> bool:
    place = {"read_text": 0, "write_text": 1, "open": 3}
    name = ast.unparse(call.func).rpartition(".")[2]
    return any(each.arg == "encoding" for each in call.keywords) or (
        name in place and len(call.args) > place[name]
    )


def trees(rooms: tuple[str, ...]) -> dict[str, ast.AST]:
    return {
        name: ast.parse(path.read_text("utf-8"))
        for name, path in imports.modules(ROOT).items()
        if path.suffix == ".py" and f"{name}.".startswith(tuple(f"{room}." for room in rooms))
    }


def test_typeshed_tells_what_some_systems_lack() -> None:
    expected = {"os.nice", "os.fork", "os.geteuid", "os.startfile", "os.sched_getaffinity"}
    assert expected | {"signal.SIGKILL", "signal.pause"} <= PARTIAL
    assert not {"os.environ", "os.read", "os.cpu_count", "signal.SIGINT", "os.name"} & PARTIAL


def test_what_some_systems_lack_is_used_only_where_that_is_provided_for() -> None:
    found = {name: not_everywhere(tree) for name, tree in trees(RUNS_ANYWHERE).items()}
    assert {name: names for name, names in found.items() if names} == MEANT


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.geteuid()",
        "from os import fork",
        "import signal\nsignal.signal(1, 2)",
        "import signal\nsignal.SIGKILL",
        "import fcntl",
        "from fcntl import flock",
        "import os\nos.execvp('a', [])",
        "open('/proc/cpuinfo', encoding='utf-8')",
    ],
)
def test_what_some_systems_lack_is_found(text: str) -> None:
    assert not_everywhere(ast.parse(text))


def test_text_is_read_and_written_in_a_named_encoding() -> None:
    found = {name: unencoded(tree) for name, tree in trees(OPENS_ANYWHERE).items()}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "text",
    [
        "path.read_text()",
        "path.write_text(text)",
        "path.open()",
        "path.open('w')",
        "open(path)",
        "open(path, 'w')",
        "os.fdopen(2, 'w')",
        "run(command, text=True)",
    ],
)
def test_text_without_an_encoding_is_found(text: str) -> None:
    assert unencoded(ast.parse(text))


@pytest.mark.parametrize(
    "text",
    [
        "path.read_text('utf-8')",
        "path.write_text(text, 'utf-8')",
        "path.write_text(text, encoding='utf-8')",
        "path.open('rb')",
        "open(path, 'wb')",
        "archive.open(info)",
        "run(command)",
    ],
)
def test_bytes_and_named_encodings_are_fine(text: str) -> None:
    assert not unencoded(ast.parse(text))


def test_git_changes_no_line_ends() -> None:
    """The manifest lists hashes, and Git for Windows would write other bytes."""
    listed = "models/mnist/model_graph/model.json"
    command = ["git", "check-attr", "text", "--", listed]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == f"{listed}: text: unset\n"


def test_the_readme_has_three_lines_for_windows_that_work() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    lines = [line.split() for line in readme.splitlines() if line.startswith("    ")]
    first, *others = (words for words in lines if words[0] == "py" or "\\" in words[0])
    # Without a version, `py` takes the newest Python that is installed, which may be too new.
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    newest = int(re.findall(r'requires-python = ">=3\.\d+,<3\.(\d+)"', project)[0]) - 1
    assert first == ["py", f"-3.{newest}", "-m", "venv", ".venv"]
    assert [words[:3] for words in others] == [
        [r".venv\Scripts\python", "-m", "pip"],
        [r".venv\Scripts\python", "-m", "models"],
    ]
    assert others[0][3:] == ["install", "-r", "requirements.txt"]
    assert others[1][3] in digit_parity.command.commands
