"""Find code that touches more of Streamlit and streamlit-drawable-canvas than is public.

Public is what Streamlit's API reference lists: names of the module ``streamlit``, and few modules.
The canvas package documents ``st_canvas``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import streamlit

from tests.support.imports import files, imports, modules

PUBLIC = {"streamlit", "streamlit.components.v2", "streamlit.testing.v1"}
PUBLIC_MODULES = {"streamlit.column_config", "streamlit.components"}  # to read names from, in code
CANVAS = "streamlit_drawable_canvas"
PUBLIC_OF_CANVAS = f"{CANVAS}.st_canvas"
THEIR_TOPS = ("streamlit", CANVAS)

# Names of files, elements, classes and variables that are theirs. `.st-key-KEY` is documented.
THEIRS = re.compile(
    r"""_stcore|index\.html|\bstatic/js|loadVegaEmbed|__streamlit|favicon\.png|get_static_dir
    |frontend\W+build|dc-toolbar|canvas-root|BackMsg|ForwardMsg
    |data-testid|\bstApp\b|\.st[A-Z]\w+|\bst(?:Bidi|Layout|Main|Element|Horizontal|Vertical)[A-Z]\w+
    |getElementById\(.root.\)|\.token\.""",
    re.VERBOSE,
)
THEIR_ELEMENTS = re.compile(r"\bst[A-Z]\w+")  # in whatever a browser reads


def importers(root: Path, allowed: Sequence[str]) -> list[str]:
    """Imports of Streamlit or the canvas package from outside ``allowed``."""
    return [
        str(each)
        for each in imports(root)
        if each.imported.split(".")[0] in THEIR_TOPS and not _in(each.importer, allowed)
    ]


def internals_imported(root: Path, allowed: Sequence[str]) -> list[str]:
    """Imports of what is not public, from outside ``allowed``."""
    return [
        str(each)
        for each in imports(root)
        if each.imported.split(".")[0] in THEIR_TOPS
        and not _is_public(each.imported)
        and not _in(each.importer, allowed)
    ]


def _is_public(name: str) -> bool:
    package, _, last = name.rpartition(".")
    if name in (*PUBLIC, *PUBLIC_MODULES, PUBLIC_OF_CANVAS):
        return True
    return package in PUBLIC and last != "*" and not (last.startswith("_") or _is_module(name))


def _is_module(name: str) -> bool:
    """Whether a dotted name is a module of Streamlit; ``st.navigation`` hides one."""
    package, _, last = name.rpartition(".")
    if package == "streamlit" and last in vars(streamlit):
        return isinstance(vars(streamlit)[last], ModuleType)
    try:
        return find_spec(name) is not None
    except ImportError:
        return False


def internals_named(root: Path, tops: Sequence[str], allowed: Sequence[str]) -> list[str]:
    """Where ``tops`` name internals of theirs, or reach into ``st`` or a foreign private name."""
    violations = []
    for each in files(root):
        path = root / each
        name = _dotted(each)
        if not _in(name, tops) or _in(name, allowed):
            continue
        if path.suffix in (".py", ".js", ".css", ".html", ".svg"):
            violations += [f"{name}: {found}" for found in _theirs(path)]
        if path.suffix == ".py":
            tree = ast.parse(path.read_text("utf-8"))
            foreign = (node for node, _ in _privates(tree) if not _is_own(node))
            violations += [f"{name}: {ast.unparse(node)}" for node in foreign]
            violations += [f"{name}: {found}" for found in _modules_of_streamlit(tree)]
    return violations


def privates_read(root: Path, top: str, allowed: Sequence[str]) -> list[str]:
    """Where ``top`` reads private names of Streamlit or its app: those that no module of ours has.

    A test may read our own.
    """
    trees = {
        name: ast.parse(path.read_text("utf-8"))
        for name, path in modules(root).items()
        if path.suffix == ".py"
    }
    ours = {each for tree in trees.values() for node in ast.walk(tree) for each in _defined(node)}
    violations = []
    for name, tree in trees.items():
        if _in(name, [top]) and not _in(name, allowed):
            bound = _bound(tree, (*THEIR_TOPS, "streamlit_app"))
            violations += [
                f"{name}: {ast.unparse(node)}"
                for node, private in _privates(tree)
                if private not in ours or _root(node) in bound
            ]
            violations += [f"{name}: {found}" for found in _modules_of_streamlit(tree)]
    return violations


def _defined(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.Attribute) and _is_own(node):
        yield node.attr


def _theirs(path: Path) -> list[str]:
    text = path.read_text("utf-8")
    patterns = [THEIRS] if path.suffix == ".py" else [THEIRS, THEIR_ELEMENTS]
    return [match.group() for pattern in patterns for match in pattern.finditer(text)]


def _privates(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """``x._name``, by any spelling, and ``_name``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            names: list[object] = [node.attr]
        elif isinstance(node, ast.ImportFrom):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.Call) and _last(node.func) in _BY_NAME:
            names = [each.value for each in node.args[1:2] if isinstance(each, ast.Constant)]
        elif isinstance(node, ast.Subscript) and _is_namespace(node.value):
            names = [node.slice.value] if isinstance(node.slice, ast.Constant) else []
        else:
            continue
        yield from ((node, name) for name in names if isinstance(name, str) and _private(name))


_BY_NAME = ("getattr", "setattr", "hasattr", "delattr")


def _is_namespace(node: ast.expr) -> bool:
    """``vars(x)`` or ``x.__dict__``."""
    return _last(node.func if isinstance(node, ast.Call) else node) in ("vars", "__dict__")


def _last(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _inner(node: ast.AST) -> ast.AST:
    """``x`` of ``x._name``, ``getattr(x, "_name")`` and ``vars(x)["_name"]``."""
    if isinstance(node, ast.Subscript) and _is_namespace(node.value):
        return _inner(node.value)
    if isinstance(node, ast.Call):
        by_name = node.args and _last(node.func) in (*_BY_NAME, "vars")
        return node.args[0] if by_name else node.func
    return getattr(node, "value", node)


def _is_own(node: ast.AST) -> bool:
    return isinstance(inner := _inner(node), ast.Name) and inner.id in ("self", "cls")


def _root(node: ast.AST) -> str:
    """``a`` of ``a.b().c``."""
    while (inner := _inner(node)) is not node:
        node = inner
    return getattr(node, "id", "")


def _private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def _bound(tree: ast.Module, tops: Sequence[str]) -> dict[str, str]:
    """The names that imports from these packages bind, and what they bind them to."""
    bound = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            pairs = [(each.asname, each.name) for each in node.names]
            bound |= {a or n.split(".")[0]: n if a else n.split(".")[0] for a, n in pairs}
        elif isinstance(node, ast.ImportFrom):
            bound |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
    return {name: full for name, full in bound.items() if full.split(".")[0] in tops}


def _modules_of_streamlit(tree: ast.Module) -> Iterator[str]:
    """``st.runtime`` and the like: modules that importing Streamlit makes reachable."""
    bound = _bound(tree, ["streamlit"])
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            first, _, rest = ast.unparse(node).partition(".")
            full = f"{bound.get(first)}.{rest}"
            if first in bound and _is_module(full) and not _is_public(full):
                yield ast.unparse(node)


def _in(name: str, rooms: Sequence[str]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def _dotted(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")
