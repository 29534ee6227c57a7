"""Which modules import which, from the text of every Python and JavaScript file of a folder.

Imports inside functions and below ``TYPE_CHECKING`` count as any other: whoever reads a module
must know what it names, whenever that is loaded. So do modules named in ``import_module("a.b")``,
and the modules, workers and types that JavaScript imports.
"""

from __future__ import annotations

import ast
import functools
import posixpath
import re
import subprocess
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

TOPS = ("app", "benchmarks", "models", "streamlit_app", "tests")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_FROM_JAVASCRIPT = re.compile(
    r"""(?:\bfrom|\bimport\s*\(?|\bnew\s+URL\()\s*['"`](\.[^'"`]+\.js)['"`]"""
)


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
    listed = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=True)
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
    names = frozenset(known)
    edges: set[Import] = set()
    for name, path in known.items():
        text = path.read_text("utf-8")
        if name.endswith(".js"):
            loaded = frozenset(_javascript(name, _COMMENT.sub("", text)))
            types = set(_javascript(name, text)) - loaded
            edges |= {Import(name, each, is_type=True) for each in types}
        else:
            loaded = _loaded(text, names)
        edges |= {Import(name, each) for each in loaded}
    return sorted(edges)


def _javascript(name: str, text: str) -> Iterator[str]:
    folder = posixpath.dirname(name.removesuffix(".js").replace(".", "/"))
    for specifier in _FROM_JAVASCRIPT.findall(text):
        path = posixpath.normpath(posixpath.join(folder, specifier))
        yield path.removesuffix(".js").replace("/", ".") + ".js"


@functools.cache
def _loaded(text: str, known: frozenset[str]) -> frozenset[str]:
    """What a Python file imports. Several rules ask it of every file."""
    return frozenset(_python(text, known))


def _python(text: str, known: Collection[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise AssertionError(f"a relative import, in line {node.lineno}")
            yield from _from(node.module or "", [each.name for each in node.names], known)
        elif isinstance(node, ast.Call) and (argument := _argument(node)):
            yield from _matching(argument, known)


def _from(package: str, names: Sequence[str], known: Collection[str]) -> Iterator[str]:
    """What is imported: of ours a module, that in the package or else the package itself.

    Of others, whatever is named: only they know whether it is a module.
    """
    for name in names:
        full = f"{package}.{name}"
        yield package if package.partition(".")[0] in TOPS and full not in known else full


def unreadable(root: Path, allowed: Sequence[str]) -> list[str]:
    """Where a module outside ``allowed`` imports what its text does not name."""
    known = modules(root)
    violations = []
    for name, path in known.items():
        if name.endswith(".js") or name in allowed:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        read = {id(each) for node in ast.walk(tree) for each in _read(node, known)}
        violations += [
            f"{name}, in line {node.lineno}"
            for node in ast.walk(tree)
            if (isinstance(node, ast.expr) and _is_importer(node) and id(node) not in read)
            or (isinstance(node, ast.ImportFrom) and any(map(_hides, node.names)))
        ]
    return violations


def _read(node: ast.AST, known: Collection[str]) -> Iterator[ast.expr]:
    """What names ``import_module`` in a call whose modules are known."""
    argument = _argument(node) if isinstance(node, ast.Call) else None
    if isinstance(node, ast.Call) and argument and list(_matching(argument, known)):
        yield from filter(_is_importer, (node.func, *node.args[:1]))


def _argument(node: ast.Call) -> ast.expr | None:
    """What a call imports: the first argument, or the next one where another calls for it."""
    called = (node.func, *node.args)
    importers = [at for at, each in enumerate(called[:2]) if _is_importer(each)]
    return called[importers[0] + 1] if importers and importers[0] + 1 < len(called) else None


def _is_importer(node: ast.AST) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name in ("import_module", "__import__")


def _hides(imported: ast.alias) -> bool:
    return imported.name == "import_module" and imported.asname not in (None, "import_module")


def _matching(argument: ast.expr, known: Collection[str]) -> Iterator[str]:
    """The modules that the argument names; for an f-string, all of ours that it may name."""
    if isinstance(argument, ast.Constant):
        yield str(argument.value)
    elif isinstance(argument, ast.JoinedStr) and isinstance(argument.values[0], ast.Constant):
        parts = (
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w.]+"
            for part in argument.values
        )
        pattern = re.compile("".join(parts))
        yield from filter(pattern.fullmatch, known)
