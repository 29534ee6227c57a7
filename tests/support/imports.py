"""Which modules import which, from the text of every Python and JavaScript file of a folder.

Imports inside functions and below ``TYPE_CHECKING`` count as any other: whoever reads a module
must know what it names, whenever that is loaded. So do modules named in ``import_module("a.b")``,
and the modules and types that JavaScript imports.
"""

from __future__ import annotations

import ast
import posixpath
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

TOPS = ("app", "benchmarks", "models", "streamlit_app", "tests")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_FROM_JAVASCRIPT = re.compile(r"""(?:\bfrom |\bimport\()\s*['"](\.[^'"]+)['"]""")


@dataclass(frozen=True, order=True)
class Import:
    """``importer`` names ``imported``; both are modules, ``a.b.c``, or ``a.b.c.js``."""

    importer: str
    imported: str
    is_type: bool = False  # in a comment of JavaScript: nothing is loaded

    def __str__(self) -> str:
        return f"{self.importer} imports {self.imported}"


def files(root: Path) -> list[str]:
    """What git knows or would add, by its path below ``root``; without git, every file."""
    if not (root / ".git").exists():
        return sorted(path.relative_to(root).as_posix() for path in root.rglob("*.*"))
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return sorted(name for name in listed.stdout.splitlines() if (root / name).is_file())


def module(path: str) -> str:
    """``app/web/assets.py`` → ``app.web.assets``; a package is its folder's name."""
    return re.sub(r"(/__init__)?\.py$", "", path).replace("/", ".")


def modules(root: Path) -> dict[str, Path]:
    """Every module of ours."""
    ours = [path for path in files(root) if re.split(r"[/.]", path)[0] in TOPS]
    return {module(path): root / path for path in ours if path.endswith((".py", ".js"))}


def imports(root: Path) -> list[Import]:
    """Every import in our modules, of our modules and of others."""
    known = modules(root)
    edges: set[Import] = set()
    for name, path in known.items():
        text = path.read_text("utf-8")
        if name.endswith(".js"):
            loaded = set(_javascript(name, _COMMENT.sub("", text)))
            types = set(_javascript(name, text)) - loaded
            edges |= {Import(name, each, is_type=True) for each in types}
        else:
            loaded = set(_python(text, known))
        edges |= {Import(name, each) for each in loaded}
    return sorted(edges)


def _javascript(name: str, text: str) -> Iterator[str]:
    folder = posixpath.dirname(name.removesuffix(".js").replace(".", "/"))
    for specifier in _FROM_JAVASCRIPT.findall(text):
        path = posixpath.normpath(posixpath.join(folder, specifier))
        yield path.removesuffix(".js").replace("/", ".") + ".js"


def _python(text: str, known: dict[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise AssertionError(f"a relative import, in line {node.lineno}")
            yield from _from(node.module or "", [each.name for each in node.names], known)
        elif isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__"):
            yield from _matching(node.args[0], known)


def _from(package: str, names: Sequence[str], known: dict[str, Path]) -> Iterator[str]:
    """The modules that are imported: those named in the package, else the package itself."""
    for name in names:
        full = f"{package}.{name}"
        yield full if full in known else package


def _called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _matching(argument: ast.expr, known: dict[str, Path]) -> Iterator[str]:
    """The modules that the argument names; for an f-string, all of ours that it may name."""
    if isinstance(argument, ast.Constant):
        yield str(argument.value)
    elif isinstance(argument, ast.JoinedStr):
        parts = (
            re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+"
            for part in argument.values
        )
        pattern = re.compile("".join(parts))
        yield from filter(pattern.fullmatch, known)
