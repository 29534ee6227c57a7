"""``digit-parity`` as a user runs it: in a process of its own, from another directory."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import models
from models import __main__ as digit_parity
from models.command_line import completion, versions

ROOT = Path(__file__).resolve().parents[2]
VERBS = [*digit_parity.LOADERS, "serve", "completion"]
MODULES = ["verify", "bisect", "add", "train", "evaluate", "convert"]


def environment(**more: str) -> dict[str, str]:
    """An environment with this checkout's code, for a process in any directory."""
    return os.environ | {"PYTHONPATH": str(ROOT)} | more


def run(module: str, *arguments: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(
        command, cwd=cwd, env=environment(**more), capture_output=True, text=True, timeout=120
    )


def test_the_installed_command_runs_this_project_from_any_directory(tmp_path):
    script = Path(sys.executable).with_name("digit-parity")
    assert script.is_file(), "`make install` installs it"
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "__init__.py").write_text("raise SystemExit('another models')")
    done = subprocess.run([script, "--version"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith("digit-parity "), done.stderr


def test_every_verb_explains_itself_with_an_example(tmp_path):
    """All at once: most of the time is spent on starting Python."""
    running = {
        verb: subprocess.Popen(
            [sys.executable, "-m", "models", verb, "--help"],
            cwd=tmp_path,
            env=environment(COLUMNS="200"),
            stdout=subprocess.PIPE,
            text=True,
        )
        for verb in VERBS
    }
    output = {verb: process.communicate()[0] for verb, process in running.items()}
    for verb, process in running.items():
        assert process.returncode == 0
        usage, _, rest = output[verb].partition("\n\n")
        assert usage.startswith(f"Usage: digit-parity {verb}")
        assert f"\nExamples:\n  digit-parity {verb}" in rest
        summary = digit_parity.SUMMARIES.get(verb)
        assert summary is None or rest.strip().startswith(summary.removesuffix("."))


def test_the_overview_and_the_versions_import_nothing_slow(tmp_path):
    script = (
        "import sys\n"
        "from models import __main__\n"
        "from models.command_line import ending\n"
        "for option in ('--help', '--version'):\n"
        "    assert ending.run(lambda: __main__.command, 'digit-parity', [option]) == 0\n"
        "print({'numpy', 'rich', 'streamlit', 'tensorflow'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines()[-1] == "set()", done.stderr
    assert all(f"\n  {verb} " in done.stdout for verb in VERBS)


def test_the_versions_are_those_of_the_packages_and_of_the_lock_file():
    import tensorflow as tf
    import tf_keras

    assert versions.lines(models.__version__) == [
        f"digit-parity {models.__version__}",
        f"tensorflow {tf.__version__}",
        f"tf_keras {tf_keras.__version__}",
        "tensorflowjs 4.22.0 (the converter)",
        "TensorFlow.js 4.22.0",
    ]


def test_a_package_that_is_missing_is_said_to_be(monkeypatch):
    monkeypatch.setattr(versions, "_PACKAGES", {"no-such-package": ""})
    assert "no-such-package is not installed" in versions.lines("1")


ENDINGS = [
    (["verify", "none"], 2, "NOT COMPARED: There is no model named 'none'"),
    (["bisect", "none"], 2, "There is no model named 'none'"),
    (["evaluate", "none"], 1, "There is nothing at none"),
    (["add", "mnist", "none.h5"], 1, "mnist is the model that ships"),
    (["convert", "none"], 1, "is missing"),
    (["train", "--data", "none.npz", "--out", "out"], 1, "none.npz is not MNIST"),
    *(([verb, "--nonsense"], 2, "No such option") for verb in MODULES),
]


@pytest.mark.parametrize(("arguments", "code", "words"), ENDINGS)
def test_every_verb_ends_with_its_code_and_one_sentence_from_another_directory(
    arguments, code, words, tmp_path
):
    verb, *rest = arguments
    together = run("models", *arguments, cwd=tmp_path)
    alone = run(f"models.{verb}", *rest, cwd=tmp_path)
    for done in (together, alone):
        assert done.returncode == code, done.stderr
        assert words in done.stderr and "Traceback" not in done.stderr
    if code == 1 or "none" in arguments:
        assert together.stderr == alone.stderr and together.stderr.count("\n") == 1


@pytest.fixture
def without(tmp_path):
    """A PYTHONPATH with which Python finds our modules, and not a package."""

    def path(package: str) -> str:
        hide = f"import sys\nsys.modules[{package!r}] = None\n"
        (tmp_path / "sitecustomize.py").write_text(hide, "utf-8")
        return f"{tmp_path}{os.pathsep}{ROOT}"

    return path


@pytest.mark.parametrize(
    ("package", "module"),
    [
        *(("click", name) for name in ("models", *(f"models.{verb}" for verb in MODULES))),
        ("platformdirs", "models"),
        ("numpy", "models.verify"),
    ],
)
def test_a_package_that_is_missing_is_one_sentence(package, module, without, tmp_path):
    done = run(module, "serve", "--no-such-option", cwd=tmp_path, PYTHONPATH=without(package))
    assert done.returncode == 70 and done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith(f"The package {package} is not installed for {sys.executable}")


def under(version: tuple[int, ...], folder: Path) -> subprocess.CompletedProcess[str]:
    """``python -m models serve`` as if Python were of another version."""
    there = f"import sys\nsys.version_info = {(*version, 'final', 0)}\n"
    (folder / "sitecustomize.py").write_text(there, "utf-8")
    return run("models", "serve", "-x", cwd=folder, PYTHONPATH=f"{folder}{os.pathsep}{ROOT}")


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13), (3, 14, 0), (4, 0, 0)])
def test_an_interpreter_that_does_not_fit_is_one_sentence(version, tmp_path):
    done = under(version, tmp_path)
    assert done.returncode == 70
    assert done.stderr == (
        f"Digit Parity runs on Python 3.11, 3.12 or 3.13, and {sys.executable} is "
        f"{'.'.join(map(str, version))}: install one of these, and run it with that.\n"
    )


def test_the_interpreters_that_fit_are_those_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (oldest, *_), newest = models.PYTHONS[0], models.PYTHONS[-1]
    wanted = f">={oldest}.{models.PYTHONS[0][1]},<{newest[0]}.{newest[1] + 1}"
    assert project["requires-python"] == wanted


def test_any_python_can_read_that_it_does_not_fit():
    """Python 2.7 has neither f-strings nor annotations, and no letters but ASCII's."""
    text = Path(models.__file__).read_text("ascii")
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr)
    assert not any(isinstance(node, newer) for node in ast.walk(ast.parse(text)))


@pytest.mark.parametrize("verb", ["verify", "bisect", "hunt", "evaluate"])
def test_a_verb_skips_the_same_imports_as_its_module(verb, tmp_path):
    script = (
        "import sys\n"
        "from models import __main__\n"
        f"__main__.LOADERS[{verb!r}]()\n"
        "print(sys.modules['jax'], 'tensorflow' in sys.modules)"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert done.stdout == "None False\n", done.stderr


def completed(tmp_path: Path, *words: str) -> list[str]:
    """What bash offers for the last of ``words``."""
    done = run(
        "models",
        cwd=tmp_path,
        COMP_WORDS=" ".join(["digit-parity", *words]),
        COMP_CWORD=str(len(words)),
        **{completion.VARIABLE: "bash_complete"},
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_commands_options_and_models_are_completed(tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    shutil.copy(ROOT / "models" / "mnist" / "manifest.json", mine)
    assert completed(tmp_path, "ver") == ["plain,verify"]
    assert "plain,--junit" in completed(tmp_path, "verify", "--j")
    assert "plain,mnist" in completed(tmp_path, "verify", "mn")
    assert "plain,mnist" in completed(tmp_path, "evaluate", "a.zip", "--model", "m")
    assert completed(tmp_path, "bisect", "--weights", "u") == ["plain,uint8"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shells_completion_lines_call_the_command(shell, tmp_path):
    done = run("models", "completion", shell, cwd=tmp_path)
    assert done.returncode == 0
    assert f"{completion.VARIABLE}={shell}_complete" in done.stdout
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=done.stdout, text=True, check=True)
