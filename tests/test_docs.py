"""Whatever the documents and the messages tell people to open or run exists and works."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models import __main__ as digit_parity

ROOT = Path(__file__).resolve().parent.parent
LISTED = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True)
TEXTS = {name: (ROOT / name).read_text("utf-8") for name in LISTED.stdout.splitlines()}
README = TEXTS["README.md"]
TOP = ("app", "benchmarks", "deploy", "docs", "models", "tests")

LINK = re.compile(r'\]\(([^)#\s]+)[^)]*\)|src="([^"]+)"')
MODULE = re.compile(r"python -m ((?:models|benchmarks|tests)\.[\w.]*\w)")
VERB = re.compile(r"(?:^ {4}|[`(]|/)digit-parity ([a-z]\w*)", re.MULTILINE)
TARGET = re.compile(r"\bmake (\w+)")
FILE = re.compile(rf"`((?:{'|'.join(TOP)})/[\w./-]+)`")
# A name that a reader chooses, and the folder that adding the first model makes.
ANY = re.compile(r"/(?:NAME|KIND)\b|^models/added\b")
MODULES = sorted({module for text in TEXTS.values() for module in MODULE.findall(text)})

# What a wheel has not: the Makefile, requirements.txt, and `models` under that name.
ONLY_IN_A_CHECKOUT = re.compile(
    r"\bmake (?:install|run)\b|pip install -r|python -m (?:app|models)\b"
)
NOT_IN_THE_WHEEL = "models/train/study/"
MEANT = {
    "models/tfjs/built.py": "says one thing in a checkout, another in a wheel",
    "models/command_line/__init__.py": "says what holds in either",
}
# What shows, in its help, under which name it was called.
NAMED = {"ending.run", "argparse.ArgumentParser"}


def links() -> list[tuple[str, str]]:
    targets = [
        (name, one or other) for name, text in TEXTS.items() for one, other in LINK.findall(text)
    ]
    return [(name, target) for name, target in targets if not target.startswith("http")]


def test_every_document_is_read() -> None:
    assert {"README.md", "docs/architecture.md", "benchmarks/README.md"} <= TEXTS.keys()


@pytest.mark.parametrize(("document", "target"), links())
def test_a_link_leads_to_a_file(document: str, target: str) -> None:
    assert (ROOT / document).parent.joinpath(target).exists()


@pytest.mark.parametrize("document", TEXTS)
def test_files_and_make_targets_that_are_named_exist(document: str) -> None:
    named = FILE.findall(TEXTS[document])
    assert [path for path in named if not ANY.search(path) and not (ROOT / path).exists()] == []
    makefile = (ROOT / "Makefile").read_text()
    commands = [line for line in TEXTS[document].splitlines() if line.startswith("    ")]
    targets = TARGET.findall("\n".join([*commands, *re.findall(r"`(make \w+)`", TEXTS[document])]))
    assert [each for each in targets if f"\n{each}:" not in makefile] == []


def test_every_command_that_is_named_explains_itself() -> None:
    """All at once: most of the time is spent on starting Python."""
    running = {
        module: subprocess.Popen(
            [sys.executable, "-m", module, "--help"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for module in MODULES
        if not module.startswith("tests.")
    }
    assert len(running) > 8
    outputs = {module: process.communicate()[0] for module, process in running.items()}
    for module, process in running.items():
        assert process.returncode == 0, outputs[module]
        assert f"usage: python -m {module}" in outputs[module].lower()


def test_every_benchmark_is_a_script() -> None:
    """Those that ``python -m benchmarks`` runs and those that its README lists."""
    command = [sys.executable, "-m", "benchmarks", "--help"]
    text = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    run = re.findall(r"\w+", text.partition("--only {")[2].partition("}")[0])
    listed = re.findall(r"^\| `(\w+)` \|", TEXTS["benchmarks/README.md"], re.MULTILINE)
    assert len(run) >= 5 and set(run) <= set(listed)
    assert [name for name in listed if not (ROOT / "benchmarks" / f"{name}.py").exists()] == []


def test_every_verb_that_is_named_is_one() -> None:
    """That each explains itself is in tests/models/test_command_line.py."""
    named = {verb for text in TEXTS.values() for verb in VERB.findall(text)}
    assert {"verify", "bisect", "evaluate", "add", "convert", "train", "serve"} <= named
    assert named <= set(digit_parity.command.commands)


def test_the_readmes_converter_lines_give_what_is_committed(tmp_path: Path) -> None:
    shipped = ROOT / "models" / "mnist"
    shutil.copy(shipped / "mnist_model.h5", tmp_path)
    lines = [line.strip() for line in README.splitlines() if "tensorflowjs_converter --" in line]
    assert len(lines) == 2
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path}
    running = [subprocess.Popen(shlex.split(line), cwd=tmp_path, env=environment) for line in lines]
    assert [process.wait() for process in running] == [0, 0]
    for name in ("model_graph", "model_layers"):
        for file in (shipped / name).iterdir():
            converted = tmp_path / name / file.name
            if file.suffix == ".json":
                assert _without_hints(converted) == _without_hints(file)
            else:
                assert converted.read_bytes() == file.read_bytes()


def _without_hints(file: Path) -> Any:
    """What a model.json says. oneDNN, which TensorFlow uses on some processors by itself, leaves
    shapes that it inferred; nothing reads them.
    """
    model = json.loads(file.read_text())
    for node in model["modelTopology"].get("node", ()):
        node["attr"].pop("_input_shapes", None)
    return model


def test_the_pictures_are_small() -> None:
    pictures = [*(ROOT / "docs").glob("*.png"), *(ROOT / "docs").glob("*.gif")]
    assert pictures and max(each.stat().st_size for each in pictures) < 400_000


def messages(tree: ast.AST) -> Iterator[str]:
    """Every text of a module but its docstrings, and the name that a command is called by."""
    silent = {
        id(text)
        for node in ast.walk(tree)
        for text in (
            node.args
            if isinstance(node, ast.Call) and ast.unparse(node.func) in NAMED
            else [node.value]
            if isinstance(node, ast.Expr)
            else []
        )
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in silent
        ):
            yield node.value


def script_messages(script: str) -> str:
    """A text without the lines that are comments of JavaScript."""
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if not line.startswith(("/", "*")))


def told(root: Path) -> dict[str, list[str]]:
    """By file, the messages that name what only a checkout has."""
    found = {}
    for path in (each for top in ("app", "models") for each in sorted((root / top).rglob("*.*"))):
        name = path.relative_to(root).as_posix()
        if {"node_modules", "dist"} & set(path.parts) or name.startswith(NOT_IN_THE_WHEEL):
            continue
        if path.suffix == ".py":
            texts = [*messages(ast.parse(path.read_text("utf-8")))]
        elif path.suffix in (".js", ".html"):
            texts = [script_messages(path.read_text("utf-8"))]
        else:
            continue
        if wrong := [text for text in texts if ONLY_IN_A_CHECKOUT.search(text)]:
            found[name] = wrong
    return found


def test_no_message_names_what_only_a_checkout_has() -> None:
    found = told(ROOT)
    assert {name: found[name] for name in found.keys() - MEANT.keys()} == {}
    assert found.keys() == MEANT.keys(), "what is no longer said needs no exception"


def test_a_planted_message_is_found_wherever_it_is(tmp_path: Path) -> None:
    planted = {
        "app/page.py": "st.info(f'{name}: ' 'make install')",
        "models/x.py": "raise ModelError(f'{path} is missing. `python -m models.x` makes it.')",
        "models/y.py": "'a docstring'\nHOW = 'pip install -r requirements.txt'",
        "app/x.js": "throw new Error(\n  'Its operator runs: make run',\n);",
    }
    healthy = {
        "app/z.py": "'python -m app.z'\ndef f():\n    'make install'\n# make run",
        "models/z.py": "ending.run(f, 'python -m models.z')",
        "app/z.js": "/**\n * make run\n */\n// make install\n",
    }
    for name, text in (planted | healthy).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert told(tmp_path).keys() == planted.keys()
