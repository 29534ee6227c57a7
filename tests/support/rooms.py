"""The rules of the layout. Each is a function that returns a root folder's violations in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from tests.support.imports import Import, files, imports, modules

Order = Sequence[Sequence[str]]


def misdirected(root: Path, order: Order) -> list[str]:
    """Imports that do not point down. Rooms in one line must not import each other."""
    lines = {room: number for number, line in enumerate(order) for room in line}

    def room(name: str) -> str | None:
        parts = name.removesuffix(".js").split(".")
        prefixes = [".".join(parts[:count]) for count in range(len(parts), 0, -1)]
        return next((each for each in (f"{name}.__init__", *prefixes) if each in lines), None)

    violations = [f"{each} is in no room" for each in modules(root) if not room(each)]
    for each in _own(root):
        here, there = room(each.importer), room(each.imported)
        if here and there and here != there and lines[here] >= lines[there]:
            violations.append(str(each))
    return violations


def circles(root: Path) -> list[str]:
    """Modules or folders that import each other in a circle, by the folder that holds them.

    Types may: JavaScript's are in comments, and never loaded.
    """
    arrows: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    known = modules(root)
    for each in _own(root):
        if each.is_type:
            continue
        here, there = (_parts(name, known) for name in (each.importer, each.imported))
        shared = next(at for at, (a, b) in enumerate(zip(here, there)) if a != b)  # noqa: B905
        arrows[".".join(here[:shared])][here[shared]].add(there[shared])
    violations = []
    for folder, graph in sorted(arrows.items()):
        left = _left_over(graph)
        if left:
            violations.append(f"in {folder or 'the root'}: {', '.join(sorted(left))}")
    return violations


def _parts(name: str, known: dict[str, Path]) -> list[str]:
    """The folders, then the module; a package's own module is ``__init__``."""
    parts = [*name.removesuffix(".js").split(".")]
    if name.endswith(".js"):
        parts[-1] += ".js"
    return [*parts, "__init__"] if known[name].name == "__init__.py" else parts


def _left_over(graph: dict[str, set[str]]) -> set[str]:
    """The nodes left after repeatedly removing those that import no other node that is left."""
    left = {each: set(others) for each, others in graph.items()}
    while True:
        ends = [each for each, others in left.items() if not others & left.keys()]
        if not ends:
            return _between(left)
        for each in ends:
            del left[each]


def _between(left: dict[str, set[str]]) -> set[str]:
    """The nodes left after repeatedly removing those that no other imports."""
    while True:
        imported = set().union(*left.values()) if left else set()
        starts = [each for each in left if each not in imported]
        if not starts:
            return set(left)
        for each in starts:
            del left[each]


def commands_imported(root: Path) -> list[str]:
    """Imports of command-line modules from outside their package."""
    return [
        str(each)
        for each in imports(root)
        if each.imported.rpartition(".")[2] in ("__main__", "command")
        and each.imported.startswith("models.")
        and each.importer != "models.__main__"  # calls them all
        and each.importer.split(".")[0] != "tests"
        and each.importer.rpartition(".")[0] != each.imported.rpartition(".")[0]
    ]


def crowded(root: Path, tops: Sequence[str], most: int = 20) -> list[str]:
    """Folders that show more than ``most`` files and folders."""
    entries = {part for path in files(root) for part in _chain(path) if path.split("/")[0] in tops}
    counted = Counter(each.rpartition("/")[0] for each in entries)
    return [f"{folder}: {count}" for folder, count in counted.items() if folder and count > most]


def _chain(path: str) -> list[str]:
    """``a/b/c`` → ``a``, ``a/b``, ``a/b/c``."""
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _own(root: Path) -> list[Import]:
    """Imports among our modules."""
    known = modules(root)
    return [
        each for each in imports(root) if each.imported in known and each.importer != each.imported
    ]
