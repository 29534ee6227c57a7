"""Find code that touches more of Streamlit and streamlit-drawable-canvas than is public.

Public is what Streamlit's API reference lists: names of the module ``streamlit``, and few modules.
The canvas package documents ``st_canvas``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import streamlit

from tests.support.imports import imports, modules

PUBLIC = {"streamlit", "streamlit.components.v2", "streamlit.testing.v1"}
PUBLIC_MODULES = {"column_config", "components"}  # names of `streamlit` that are modules
CANVAS = "streamlit_drawable_canvas"

# Names of files, elements, classes and variables that are theirs. `.st-key-KEY` is documented.
THEIRS = re.compile(
    r"""_stcore|index\.html|\bstatic/js|loadVegaEmbed|__streamlit|favicon\.png|get_static_dir
    |frontend\W+build|dc-toolbar|canvas-root|BackMsg|ForwardMsg
    |data-testid|\bstApp\b|\.st[A-Z]\w+|\bst(?:Bidi|Layout|Main|Element|Horizontal|Vertical)[A-Z]\w+
    |getElementById\(.root.\)|\.token\.""",
    re.VERBOSE,
)


def importers(root: Path, allowed: Sequence[str]) -> list[str]:
    """Imports of Streamlit or the canvas package from outside ``allowed``."""
    return [
        str(each)
        for each in imports(root)
        if each.imported.split(".")[0] in ("streamlit", CANVAS) and not _in(each.importer, allowed)
    ]


def internals_imported(root: Path, allowed: Sequence[str]) -> list[str]:
    """Imports of Streamlit's modules that are not public, from outside ``allowed``."""
    return [
        str(each)
        for each in imports(root)
        if each.imported.split(".")[0] == "streamlit"
        and each.imported not in PUBLIC
        and not _in(each.importer, allowed)
    ]


def internals_named(root: Path, top: str, allowed: Sequence[str]) -> list[str]:
    """Where ``top`` names internals of theirs, or reaches into ``st`` or a foreign private name."""
    violations = []
    for name, path in modules(root).items():
        if _in(name, [top]) and not _in(name, allowed):
            violations += [f"{name}: {each}" for each in _touched(path)]
    others = [path for path in (root / top).rglob("*.*") if path.suffix in (".css", ".html")]
    for path in others:
        if not _in(_dotted(path, root), allowed):
            violations += [f"{_dotted(path, root)}: {each}" for each in _theirs(path)]
    return violations


def _touched(path: Path) -> Iterator[str]:
    yield from _theirs(path)
    if path.suffix == ".py":
        tree = ast.parse(path.read_text("utf-8"))
        yield from _foreign_private(tree)
        yield from _modules_of_streamlit(tree)


def _theirs(path: Path) -> list[str]:
    return [match.group() for match in THEIRS.finditer(path.read_text("utf-8"))]


def _foreign_private(tree: ast.Module) -> Iterator[str]:
    """``x._name`` where the module itself defines no such name; also by ``getattr``."""
    own = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _self(node)}
    own |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _private(node.attr) and node.attr not in own:
            yield ast.unparse(node)
        elif isinstance(node, ast.ImportFrom):
            yield from (each.name for each in node.names if _private(each.name))
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("getattr", "setattr"):
            name = node.args[1]
            if isinstance(name, ast.Constant) and _private(str(name.value)):
                yield ast.unparse(node)


def _self(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")


def _private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def _modules_of_streamlit(tree: ast.Module) -> Iterator[str]:
    """``st.runtime`` and the like: modules that importing Streamlit makes reachable."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            is_module = isinstance(getattr(streamlit, node.attr, None), ModuleType)
            if node.value.id in ("st", "streamlit") and is_module:
                yield from {ast.unparse(node)} if node.attr not in PUBLIC_MODULES else ()


def _in(name: str, rooms: Sequence[str]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def _dotted(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix().replace("/", ".")
