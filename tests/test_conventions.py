"""Every test asserts, waits for signs, and lies where its subject does."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests import conftest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / "tests").rglob("*.py"))
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in FILES}
TESTS = {name: tree for name, tree in TREES.items() if Path(name).name.startswith("test_")}
ASSERTING = {"raises", "expect", "fail", "warns"}  # and every `assert_…`

# Tests without a module of their name, and what they test.
OF_MORE = {
    "tests/app/ui/test_alternatives.py": "every table, chart and picture of the pages",
    "tests/app/ui/test_scale.py": "every stylesheet of the pages",
    "tests/app/draw/reading/test_weights.py": "readings with other weights, from post to figures",
    "tests/app/session/test_keras3.py": "every page, with a model of Keras 3",
    "tests/models/dataset/readers/test_any_model.py": "every reader, for pictures of any model",
    "tests/models/dataset/test_any_bytes.py": "every reader, on damaged files",
    "tests/models/formats/safety/test_any_description.py": "every check of what may be loaded",
    "tests/models/runtimes/test_any_model.py": "every runtime of the server, on damaged models",
    "tests/models/runtimes/test_loaders.py": "every loader, with a hostile model",
    "tests/models/formats/safety/test_commands.py": "every command, with hostile models",
    "tests/models/verify/test_any_shape.py": "the gate, on every shape, output and kind of file",
    "tests/models/verify/test_in_a_browser.py": "the gate, where TensorFlow.js is in a browser",
    "tests/models/verify/test_ways_out.py": "the gate's refusals, and what each says to do",
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


Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


@functools.cache
def asserts_itself(function: Function) -> bool:
    """Whether there is an assertion in it. Each is read once: helpers are found in rounds."""
    nodes = list(ast.walk(function))
    names = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
    lasts = {name.rpartition(".")[2] for name in names}
    return any(isinstance(node, ast.Assert) for node in nodes) or any(
        last in ASSERTING or last.startswith("assert_") for last in lasts
    )


@functools.cache
def called(function: Function) -> frozenset[str]:
    """What it calls and does not define: a function within it is read with it."""
    nodes = list(ast.walk(function))
    names = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
    return frozenset(names - {node.name for node in nodes if isinstance(node, Function)})


def asserts(function: Function, helpers: set[str]) -> bool:
    """Whether it asserts itself, or calls what does."""
    return asserts_itself(function) or not helpers.isdisjoint(called(function))


def asserting_helpers(trees: dict[str, ast.Module]) -> dict[str, set[str]]:
    """By file, the functions there that assert, by themselves or through another."""
    helpers: dict[str, set[str]] = {name: set() for name in trees}
    while True:
        more = {
            name: imported(tree, helpers)
            | {
                each.name
                for each in tree.body
                if isinstance(each, Function) and asserts(each, helpers[name])
            }
            for name, tree in trees.items()
        }
        if more == helpers:
            return helpers
        helpers = more


@functools.cache
def imports(tree: ast.Module) -> Sequence[tuple[str, str, str]]:
    """What a file imports by name: the file that has it, its name there, and its name here."""
    return [
        (node.module.replace(".", "/") + ".py", each.name, each.asname or each.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for each in node.names
    ]


def imported(tree: ast.Module, helpers: dict[str, set[str]]) -> set[str]:
    """The names under which a file imports such functions of other files."""
    return {here for file, there, here in imports(tree) if there in helpers.get(file, ())}


def without_assertion(name: str, helpers: dict[str, set[str]], tree: ast.Module) -> list[str]:
    tests = (each for each in functions(tree) if each.name.startswith("test_"))
    return [each.name for each in tests if not asserts(each, helpers[name])]


HELPERS = asserting_helpers(TREES)


@pytest.mark.parametrize("name", TESTS)
def test_every_test_asserts_something(name: str) -> None:
    assert without_assertion(name, HELPERS, TESTS[name]) == []


def test_a_helper_is_what_the_test_calls_not_what_bears_its_name() -> None:
    trees = {
        "tests/support/a.py": ast.parse("def check(): assert True\ndef again(): check()"),
        "tests/test_b.py": ast.parse(
            "from tests.support.a import again\n"
            "def check(): ...\n"
            "def test_imported(): again()\n"
            "def test_of_the_file(): check()\n"
            "def test_nested():\n    def again(): ...\n    again()\n"
            "def test_nested_that_asserts():\n    async def one(): assert True\n    one()\n"
        ),
    }
    found = without_assertion("tests/test_b.py", asserting_helpers(trees), trees["tests/test_b.py"])
    assert found == ["test_of_the_file", "test_nested"]


@pytest.mark.parametrize("value", ["A" * 10_000_000, b"A" * 10_000_000])
def test_a_parameter_of_megabytes_is_named_by_its_length(
    value: str | bytes, request: pytest.FixtureRequest
) -> None:
    assert "[value of 10000000" in request.node.name and len(request.node.name) < 200
    assert conftest.pytest_make_parametrize_id(value[:20], "value") is None


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
