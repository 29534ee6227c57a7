"""Every test asserts, waits for signs, and lies where its subject does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / "tests").rglob("*.py"))
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in FILES}
TESTS = {name: tree for name, tree in TREES.items() if Path(name).name.startswith("test_")}
ASSERTING = {"raises", "expect", "fail", "warns"}  # and every `assert_…`

# Tests without a module of their name, and what they test.
OF_MORE = {
    "tests/models/dataset/test_any_bytes.py": "every reader, on damaged files",
    "tests/models/test_shipped_model.py": "the files of models/mnist",
    "tests/models/train/test_apart.py": "imports of the whole room",
    "tests/models/test_command_line.py": "models.__main__, in processes of its own",
}
# What may wait by the clock, or start an event loop.
ALLOWED = {
    "tests/support/waiting.py": {"time.sleep"},
    "tests/support/event_loop.py": {"asyncio.run"},
}
FORBIDDEN = {
    "time.sleep": "use tests.support.waiting.until, or a fake clock",
    "wait_for_timeout": "wait for a sign that the page gives",
    "asyncio.run": "use tests.support.event_loop.run: a browser's test may have come before",
}


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def asserts(function: ast.FunctionDef, helpers: set[str]) -> bool:
    """Whether it asserts itself, or calls what does."""
    nodes = list(ast.walk(function))
    names = [ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)]
    lasts = [name.rpartition(".")[2] for name in names]
    return (
        any(isinstance(node, ast.Assert) for node in nodes)
        or any(last in ASSERTING or last.startswith("assert_") for last in lasts)
        or not helpers.isdisjoint(names)
    )


def asserting_helpers() -> set[str]:
    """The helper functions that assert, by themselves or through another."""
    helpers: set[str] = set()
    while True:
        more = {
            each.name
            for tree in TREES.values()
            for each in functions(tree)
            if not each.name.startswith("test_") and asserts(each, helpers)
        }
        if more == helpers:
            return helpers
        helpers = more


HELPERS = asserting_helpers()


@pytest.mark.parametrize("name", TESTS)
def test_every_test_asserts_something(name: str) -> None:
    tests = (each for each in functions(TESTS[name]) if each.name.startswith("test_"))
    assert [each.name for each in tests if not asserts(each, HELPERS)] == []


@pytest.mark.parametrize("name", TREES)
def test_nothing_waits_by_the_clock_or_starts_a_loop_in_the_main_thread(name: str) -> None:
    calls = (node for node in ast.walk(TREES[name]) if isinstance(node, ast.Call))
    used = {ast.unparse(call.func) for call in calls}
    forbidden = {each for each in FORBIDDEN for name in used if f".{name}".endswith(f".{each}")}
    assert {each: FORBIDDEN[each] for each in forbidden - ALLOWED.get(name, set())} == {}


def subjects(test: str) -> Iterator[Path]:
    """Where a test's subject may be: a module or package of the same folder, or that folder itself.

    ``test_a_b.py`` tests ``a_b``, or the aspect ``b`` of ``a``.
    """
    _, *folders, file = Path(test).parts
    package, words = ROOT.joinpath(*folders), Path(file).stem.split("_")[1:]
    if package.name == "_".join(words):
        yield package
    for count in range(len(words), 0, -1):
        name = "_".join(words[:count])
        yield from (package / f"{name}{kind}" for kind in (".py", ".js", ""))


@pytest.mark.parametrize(
    "name", [name for name in TESTS if name.startswith(("tests/app/", "tests/models/"))]
)
def test_a_test_lies_where_its_subject_does(name: str) -> None:
    there = name in OF_MORE or any(each.exists() for each in subjects(name))
    assert there, "what it tests is neither beside it in app or models, nor named in OF_MORE"


def test_what_is_said_to_be_of_more_is_there() -> None:
    assert OF_MORE.keys() <= TESTS.keys()
