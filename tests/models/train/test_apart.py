"""The app and the commands work without ``models.train``, and training without its studies."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TRAIN, STUDY = "models.train", "models.train.study"


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports anywhere, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            yield from (f"{node.module}.{each.name}" for each in node.names)


def importers(paths: Iterator[Path], package: str) -> list[str]:
    inside = f"{package}."
    return [
        str(path.relative_to(ROOT))
        for path in paths
        if any(f"{name}.".startswith(inside) for name in imports(path))
    ]


def modules(folder: str, without: str = "") -> Iterator[Path]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        if not without or ROOT / without not in path.parents:
            yield path


@pytest.mark.parametrize("folder", ["models", "app", "benchmarks"])
def test_nothing_else_imports_the_training(folder: str) -> None:
    paths = list(modules(folder, without="models/train"))
    assert paths
    assert importers(iter([*paths, ROOT / "streamlit_app.py"]), TRAIN) == []


def test_the_training_imports_none_of_its_studies() -> None:
    assert importers(modules("models/train", without="models/train/study"), STUDY) == []


def test_an_import_would_be_seen() -> None:
    found = importers(modules("models/train/study"), TRAIN)
    assert "models/train/study/validation.py" in found, "at the top"
    assert "models/train/study/gpu/train.py" in importers(modules("models/train/study"), STUDY)
    assert "models/train/export.py" in importers(modules("models/train"), f"{TRAIN}.network"), (
        "inside a function"
    )
