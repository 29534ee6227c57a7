"""Takes a SavedModel with code of its own as its graph: TensorFlow saved that beside the layers.

A class of the owner's or a Lambda is Python code, which nobody loads here. What it computed was
traced into the graph when it was saved, and that can be looked at, operation by operation.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from models.formats import model_limits, safety
from models.formats.architecture import saved_model
from models.storage import plain_files


@contextlib.contextmanager
def taken(path: Path) -> Iterator[tuple[Path, str] | None]:
    """Of the SavedModel in the folder ``path`` one without layers, in a temporary folder until the
    block ends, and a sentence that says so; None where its layers may be loaded, or nothing of it.

    Raises ValueError, in words, for files that are no plain ones or too large, and OSError.
    """
    code = safety.code_in_layers(path)
    if code is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="digit-parity-") as temporary:
        folder = Path(temporary).resolve() / path.name
        _copy(path, folder)
        yield (
            folder,
            f"It has {code}, which is code and is not loaded: its graph is taken, as "
            "model.export() writes it. There is a graph model of it, and no layers model.",
        )


def _copy(source: Path, target: Path) -> None:
    """Copy the graph and its variables, and nothing that tells of layers."""
    variables = source / saved_model.VARIABLES
    names = [saved_model.GRAPH]
    if variables.is_dir() and not variables.is_symlink():
        names += [f"{saved_model.VARIABLES}/{each.name}" for each in sorted(variables.iterdir())]
    files = [plain_files.inside(source, name) for name in names]
    model_limits.check_size(sum(map(plain_files.plain, files)))
    (target / saved_model.VARIABLES).mkdir(parents=True)
    for name, file in zip(names, files, strict=True):
        shutil.copyfile(file, target / name)
