"""The size of a stored form: its files, on disk and compressed as a server sends them."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from models.errors import ModelError
from models.formats.manifest import Manifest
from models.lanes import Format, Weights

GZIP_LEVEL = 9


@dataclass(frozen=True)
class FileSize:
    """A file's bytes, and its bytes after gzip at level 9."""

    path: str
    bytes: int
    gzip: int


@dataclass(frozen=True)
class Size:
    """All files of one stored form."""

    files: tuple[FileSize, ...]

    @property
    def bytes(self) -> int:
        """Bytes on disk."""
        return sum(each.bytes for each in self.files)

    @property
    def gzip(self) -> int:
        """Bytes on the wire where the server compresses each file."""
        return sum(each.gzip for each in self.files)


def size(folder: Path, manifest: Manifest, form: Format, weights: Weights = "float32") -> Size:
    """The size of a stored form in ``folder``. Raises ModelError when a file cannot be read."""
    path = PurePosixPath(manifest.path(form, weights))
    names = [str(path)]
    if path.parent != PurePosixPath("."):
        names = [each for each in manifest.files if PurePosixPath(each).parent == path.parent]
    return Size(tuple(_file_size(folder, name) for name in names))


def _file_size(folder: Path, name: str) -> FileSize:
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise ModelError(f"{folder / name} cannot be read ({error.strerror}).") from error
    return FileSize(name, len(content), len(gzip.compress(content, GZIP_LEVEL, mtime=0)))
